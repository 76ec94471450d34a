"""With the keyboard alone: every control is reached in the order of the page, is seen to have the focus, and lets it go."""

import pytest

pytestmark = pytest.mark.slow

FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body || node === document.documentElement) return null;
  const style = getComputedStyle(node), box = node.getBoundingClientRect();
  const all = [...document.querySelectorAll('*')];
  return {at: all.indexOf(node), name: node.localName + ' ' + (node.textContent || node.getAttribute('name') || '').trim().slice(0, 30),
    ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none',
    seen: box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight};
}"""
CONTROLS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter(node => !node.disabled && node.type !== 'hidden' && node.tabIndex >= 0 && node.checkVisibility()
    && !(node.type === 'radio' && !node.checked && [...document.getElementsByName(node.name)].some(other => other.checked))).length"""


@pytest.fixture(scope="module")
def paths(world, service, sink):
    """Every kind of page."""
    return world.visits(service, sink)


def walk(page, most=600):
    """What has the focus after each Tab, until it comes back to the beginning."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        if now is None or (seen and now["at"] == seen[0]["at"]):
            return seen, True
        seen.append(now)
    return seen, False


def test_tab_reaches_every_control_in_order_with_a_visible_focus_and_no_trap(tab, paths):
    one, wrong = tab(1280, 900), {}
    for path in paths:
        one.open(path)
        controls = one.page.evaluate(CONTROLS)
        seen, back = walk(one.page, controls + 20)
        hidden = [now["name"] for now in seen if not now["ring"] or not now["seen"]]
        places = [now["at"] for now in seen]
        if not back or hidden or places != sorted(places) or len(seen) < controls:
            wrong[path] = {
                "comes back": back,
                "not seen": hidden[:5],
                "in order": places == sorted(places),
                "of": (len(seen), controls),
            }
    assert wrong == {}


def test_the_first_tab_offers_to_skip_to_the_content(tab, paths):
    one = tab()
    for path in paths:
        one.open(path)
        one.page.keyboard.press("Tab")
        target = one.page.evaluate("() => document.activeElement.getAttribute('href')")
        assert str(target).startswith("#"), path
        assert one.page.locator(target).count() == 1, path
        one.page.keyboard.press("Enter")
        one.page.keyboard.press("Tab")
        inside = one.page.evaluate(
            "target => { const main = document.querySelector(target), now = document.activeElement; return now === document.body || main.contains(now) || !!(main.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING) }",
            target,
        )
        assert inside, path
