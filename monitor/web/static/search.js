// Searches an exported archive in the reader's browser: the folding and the endings are those of text/search_words.py, as data in the index.
"use strict";
(function () {
  const form = document.querySelector("form.searching");
  const list = document.querySelector("ul.hits");
  const told = document.querySelector("[role=status]");
  if (!form || !list || !told) return;
  const most = 50;
  let index = null;

  function fold(text) {
    let folded = "";
    for (const letter of text.normalize("NFKD").toLowerCase().normalize("NFC")) {
      folded += letter in index.fold ? index.fold[letter] : letter.normalize("NFD").replace(/(?<=[a-z])\p{M}/gu, "");
    }
    return folded.normalize("NFC").replace(/([а-я])\1/g, "$1");
  }

  function terms(text) {
    const found = [];
    for (const word of fold(text).match(/[\p{L}\p{N}]+/gu) || []) {
      if (word.length < 2 || index.ignored.includes(word)) continue;
      found.push(stem(word));
    }
    return found;
  }

  function stem(word) {
    if (/^\p{N}/u.test(word)) return word;
    for (;;) {
      const fits = index.endings.find(([ending, least]) => word.endsWith(ending) && word.length - ending.length >= least);
      if (!fits) return word;
      word = word.slice(0, word.length - fits[0].length);
    }
  }

  function show() {
    const wanted = terms(new FormData(form).get("q") || "").slice(0, 12);
    list.replaceChildren();
    if (!wanted.length) { told.textContent = ""; return; }
    const hits = index.items.filter((item) => wanted.every((term) => item.terms.includes(" " + term + " ")));
    told.textContent = index.counted.replace("{n}", hits.length);
    for (const hit of hits.slice(0, most)) {
      const row = document.createElement("li"), title = document.createElement("h3"), link = document.createElement("a");
      link.href = hit.url; link.textContent = hit.headline; link.lang = hit.lang;
      title.append(link);
      const place = document.createElement("p");
      place.className = "tags"; place.textContent = hit.place;
      row.append(title, place);
      list.append(row);
    }
  }

  async function start(event) {
    if (event) event.preventDefault();
    if (!index) {
      const answer = await fetch(form.dataset.index);
      index = await answer.json();
      for (const item of index.items) item.terms = " " + item.terms + " ";
    }
    show();
  }

  form.addEventListener("submit", start);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { form.elements.q.value = asked; start(); }
})();
