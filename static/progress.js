// Says how far a check is where a screen reader hears it: only when the words change, not at every look.
(() => {
  const status = document.getElementById("progress-said");
  if (!status) return;

  document.addEventListener("htmx:load", () => {
    const said = document.getElementById("progress")?.dataset.said ?? "";
    if (status.textContent !== said) status.textContent = said;
  });
})();
