// A number of the document opens where it comes from beside the text; the address bar and the back button follow.
const selector = "a.figure[href*='figure=']";

/** @param refresh called with the panel whenever its content is new. */
export function watchFigures(refresh) {
  const panel = document.getElementById("figure-panel");
  if (!panel?.dataset.source) {
    return;
  }

  document.addEventListener("click", event => {
    const link = event.target.closest(`${selector}, #figure-panel a[data-panel]`);
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      open(new URL(link.href), true);
    }
  });
  let shown = location.search;
  const empty = new URLSearchParams(shown).has("figure") ? null : panel.innerHTML;
  addEventListener("popstate", () => {
    // A jump within the page is none to another number.
    if (location.search !== shown) {
      open(new URL(location.href), false);
    }
  });
  mark(new URL(location.href));
  if (getComputedStyle(panel).position === "sticky") {
    // Only where the panel stays beside the text: elsewhere it stands above it, and is what was asked for.
    document.querySelector(`${selector}[aria-current]`)?.scrollIntoView({ block: "center" });
  }

  let latest = 0;

  async function open(url, isNew) {
    const turn = ++latest;
    shown = url.search;
    if (!url.searchParams.has("figure") && empty !== null) {
      panel.innerHTML = empty;
      mark(url);
      return;
    }

    panel.setAttribute("aria-busy", "true");
    const response = await fetch(panel.dataset.source + url.search, { headers: { Accept: "text/html" } }).catch(() => null);
    if (turn !== latest) {
      return;
    }

    panel.removeAttribute("aria-busy");
    if (!response?.ok) {
      // The page itself says what is wrong: signed out, or the server is away.
      location.assign(url);
      return;
    }

    panel.innerHTML = await response.text();
    if (isNew) {
      history.pushState(null, "", url.pathname + url.search);
    }

    mark(url);
    panel.scrollTop = 0;
    panel.querySelector("h2")?.focus({ preventScroll: true });
    if (panel.getBoundingClientRect().top < 0 || panel.getBoundingClientRect().top > innerHeight) {
      panel.scrollIntoView({ block: "start" });
    }

    refresh(panel);
  }
}

/** Marks the number that the panel is about. */
function mark(url) {
  for (const link of document.querySelectorAll(`${selector}[aria-current]`)) {
    link.removeAttribute("aria-current");
  }

  const address = url.searchParams.get("figure");
  if (address) {
    for (const link of document.querySelectorAll(selector)) {
      if (new URL(link.href).searchParams.get("figure") === address) {
        link.setAttribute("aria-current", "true");
      }
    }
  }
}
