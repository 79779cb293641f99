// Small helps on top of pages that work without them: searching a long list of boxes, and opening details to print them.
(() => {
  const MIN_TO_SEARCH = 12;
  const LONGEST_PRINTED = 16;

  function addSearch(list) {
    const items = [...list.querySelectorAll(".nhsuk-checkboxes__item, .nhsuk-radios__item")];
    if (items.length < MIN_TO_SEARCH) return;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "nhsuk-input app-choices__search";
    box.setAttribute("aria-label", `Search ${list.dataset.choices}`);
    box.placeholder = "Search";
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      for (const item of items) item.hidden = wanted !== "" && !item.textContent.toLowerCase().includes(wanted);
    });
    // The box is not part of what the form sends, and Enter in it must not send the form half chosen.
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    list.prepend(box);
  }

  function countChosen(details) {
    const words = details.querySelector(".nhsuk-details__summary-text");
    const boxes = [...details.querySelectorAll("input[type=checkbox]")];
    const hidden = words.querySelector(".nhsuk-u-visually-hidden");
    details.addEventListener("change", () => {
      const chosen = boxes.filter((box) => box.checked).length;
      words.firstChild.textContent = chosen ? `${chosen} of ${boxes.length} chosen` : details.querySelector("[data-none]").dataset.none;
      if (hidden) words.append(hidden);
    });
  }

  // A long table would bury the drawings: it is printed where the reader has opened it.
  function openForPrint(open) {
    for (const details of document.querySelectorAll("main details.app-figure__table")) {
      const isShort = details.querySelectorAll("tbody tr").length <= LONGEST_PRINTED;
      if (open && !details.open && isShort) {
        details.dataset.openedForPrint = "yes";
        details.open = true;
      } else if (!open && details.dataset.openedForPrint) {
        delete details.dataset.openedForPrint;
        details.open = false;
      }
    }
  }

  // Filters fold on a narrow screen, so that the page begins with what it says; what is wrong in them stays in sight.
  function foldFilters(details) {
    const narrow = window.matchMedia("(max-width: 640px)");
    const fold = () => { details.open = !narrow.matches || details.querySelector(".nhsuk-error-message") !== null; };
    narrow.addEventListener("change", fold);
    fold();
  }

  // A region that scrolls must be reachable by keyboard; one that does not is no stop on the way.
  function watchWidth(region) {
    new ResizeObserver(() => {
      if (region.scrollWidth > region.clientWidth) region.tabIndex = 0;
      else region.removeAttribute("tabindex");
    }).observe(region);
  }

  document.querySelectorAll(".app-scroll").forEach(watchWidth);
  document.querySelectorAll("[data-folds]").forEach(foldFilters);
  document.querySelectorAll("[data-choices]").forEach(addSearch);
  document.querySelectorAll("details.app-choices").forEach(countChosen);
  window.addEventListener("beforeprint", () => openForPrint(true));
  window.addEventListener("afterprint", () => openForPrint(false));
})();
