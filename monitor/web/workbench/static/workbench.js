// Tries the text as it is typed: waits for a pause, drops answers that are no longer wanted, and leaves focus where it is.
// Without this file every button of the page does the same by a page of its own.
"use strict";
(() => {
  const form = document.getElementById("bench");
  const text = document.getElementById("yaml");
  const result = document.getElementById("result");
  const live = document.getElementById("live");
  if (!form || !text || !result || !live) return;
  const PAUSE = 450;
  const saved = form.dataset.unsaved ? null : text.value;
  let timer = 0;
  let under = null;

  const gutter = form.querySelector(".gutter");
  let lines = 0;
  let flagged = "";
  const numbers = () => {
    const count = text.value.split("\n").length;
    const flags = new Map();
    for (const link of result.querySelectorAll("#findings .jump")) {
      const line = Number(link.dataset.line);
      const wrong = link.closest("li").classList.contains("error");
      if (wrong || !flags.has(line)) flags.set(line, wrong ? "b" : "i");
    }
    const key = JSON.stringify([...flags]);
    if (count === lines && key === flagged) return;
    lines = count;
    flagged = key;
    const made = document.createDocumentFragment();
    for (let line = 1; line <= count; line += 1) {
      const kind = flags.get(line);
      if (kind) {
        const node = document.createElement(kind);
        node.textContent = String(line);
        made.append(node, "\n");
      } else made.append(`${line}\n`);
    }
    gutter.replaceChildren(made);
    follow();
  };
  const follow = () => {
    gutter.style.height = `${text.offsetHeight}px`;
    gutter.scrollTop = text.scrollTop;
  };

  const jump = (line, column) => {
    const before = text.value.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, one) => sum + one.length + 1, 0) + Math.max(0, column - 1);
    const end = text.value.indexOf("\n", start);
    text.focus();
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    const high = parseFloat(getComputedStyle(text).lineHeight) || 21;
    text.scrollTop = Math.max(0, (line - 4) * high);
    text.scrollLeft = 0;
    follow();
  };

  const opened = () => new Set([...result.querySelectorAll("details[id][open]")].map((one) => one.id));

  const put = (answer) => {
    const there = new DOMParser().parseFromString(answer, "text/html").getElementById("outcome");
    if (!there) return false;
    const focus = document.activeElement && result.contains(document.activeElement) ? document.activeElement.id : "";
    const known = new Set([...result.querySelectorAll("details[id]")].map((one) => one.id));
    const open = opened();
    result.replaceChildren(there);
    for (const one of result.querySelectorAll("details[id]")) if (known.has(one.id)) one.open = open.has(one.id);
    if (focus) {
      const again = document.getElementById(focus);
      if (again) again.focus();
    }
    live.textContent = there.dataset.summary || "";
    result.classList.remove("old");
    result.removeAttribute("aria-busy");
    numbers();
    return true;
  };

  const ask = async (action, extra) => {
    window.clearTimeout(timer);
    if (under) under.abort();
    const mine = new AbortController();
    under = mine;
    const fields = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(extra || {})) fields.set(name, value);
    live.textContent = form.dataset.busy;
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(action, {
        method: "POST", body: fields, signal: mine.signal, headers: { "X-Fragment": "1" }, credentials: "same-origin",
      });
      const page = await answer.text();
      if (under !== mine) return;
      under = null;
      if (!put(page)) {
        const said = new DOMParser().parseFromString(page, "text/html").querySelector("main p");
        live.textContent = said ? said.textContent : form.dataset.failed;
        result.classList.add("old");
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      live.textContent = form.dataset.failed;
      result.classList.add("old");
    }
  };
  const tryIt = () => ask(document.getElementById("try").formAction);

  text.addEventListener("input", () => {
    numbers();
    if (under) {
      under.abort();
      under = null;
    }
    result.classList.add("old");
    window.clearTimeout(timer);
    timer = window.setTimeout(tryIt, PAUSE);
  });
  text.addEventListener("scroll", follow, { passive: true });
  new ResizeObserver(follow).observe(text);
  const days = document.getElementById("days");
  if (days) days.addEventListener("change", tryIt);

  form.addEventListener("click", (event) => {
    const link = event.target.closest("a.jump");
    if (link) {
      event.preventDefault();
      jump(Number(link.dataset.line), Number(link.dataset.column));
      return;
    }
    const button = event.target.closest("button");
    if (!button) return;
    if (button.id === "try" || button.classList.contains("first")) {
      event.preventDefault();
      tryIt();
    } else if (button.classList.contains("mark")) {
      event.preventDefault();
      ask(button.formAction, { [button.name]: button.value });
    }
  });

  text.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      tryIt();
    } else if (event.key.toLowerCase() === "s") {
      event.preventDefault();
      (document.getElementById("why") || document.getElementById("download")).focus();
    }
  });

  const why = document.getElementById("why");
  if (why) why.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    document.getElementById("save").click();
  });

  const copy = document.getElementById("copy");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.value);
      live.textContent = form.dataset.copied;
    });
  }

  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
    // a download leaves the page where it is
    window.setTimeout(() => { leaving = false; }, 3000);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== saved) event.preventDefault();
  });

  numbers();
  follow();
  if (!result.querySelector("#found-title, #findings, .findings, #examples")) {
    const said = result.querySelector(".said");
    const kept = said ? said.cloneNode(true) : null;
    tryIt().then(() => { if (kept && !result.querySelector(".said")) result.prepend(kept); });
  }
})();
