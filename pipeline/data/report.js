"use strict";
// Nothing here is needed to read the page: it adds two keys, and puts notes under their words.
(() => {
  const segments = [...document.querySelectorAll(".segment")];
  document.querySelector(".keys").hidden = false;

  const move = (step) => {
    const shown = segments.filter((segment) => segment.offsetParent !== null);
    const here = document.activeElement && document.activeElement.closest(".segment");
    let next = shown.indexOf(here) + step;
    if (here === null) {
      const below = shown.findIndex((segment) => segment.getBoundingClientRect().bottom > 60);
      next = step > 0 ? below : below - 1;
    }
    const segment = shown[Math.max(0, Math.min(shown.length - 1, next))];
    if (segment) {
      segment.focus({ preventScroll: true });
      segment.scrollIntoView({ block: "center" });
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "Escape" && document.activeElement.matches("mark")) document.activeElement.blur();
  });

  const place = (event) => {
    const mark = event.target.closest && event.target.closest(".cell mark");
    if (!mark) return;
    const cell = mark.closest(".cell");
    const lines = mark.getClientRects();
    const top = lines[lines.length - 1].bottom - cell.getBoundingClientRect().top;
    cell.style.setProperty("--note-top", `${top}px`);
  };
  document.addEventListener("pointerover", place);
  document.addEventListener("focusin", place);
})();
