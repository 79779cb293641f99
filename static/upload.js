// Says how far an upload is, which browsers do not say of themselves. Without it the form is sent as any form is.
(() => {
  const FAILED = "The selected file could not be uploaded. Try again.";
  const form = document.querySelector("[data-upload]");
  if (!form) return;

  function tell(text) {
    const status = document.getElementById("upload-progress");
    if (status.textContent !== text) status.textContent = text;
  }

  function say(sent, total) {
    const done = total ? Math.floor((100 * sent) / total) : 0;
    const bar = document.getElementById("upload-bar");
    if (bar) {
      bar.hidden = false;
      bar.value = done;
    }
    // By steps of ten, so that a screen reader is not read every number.
    tell(done >= 100 ? "Uploaded. It is being looked at." : `Uploading: ${done - (done % 10)}% done.`);
  }

  // The page that came back, where something is wrong: its form takes the place of this one.
  function show(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    document.title = page.title;
    document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
    document.querySelector(".nhsuk-error-summary")?.setAttribute("tabindex", "-1");
    document.querySelector(".nhsuk-error-summary")?.focus();
    start(document.querySelector("[data-upload]"));
  }

  function send(event) {
    const file = event.target.querySelector("input[type=file]");
    if (!file?.files.length) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (progress) => say(progress.loaded, progress.total));
    request.addEventListener("load", () => {
      if (request.status === 204) window.location.assign(request.getResponseHeader("X-Address"));
      else if (request.status === 200) show(request.responseText);
      else tell(FAILED);
    });
    request.addEventListener("error", () => tell(FAILED));
    request.open("POST", window.location.href);
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.send(new FormData(event.target));
  }

  function start(upload) {
    upload?.addEventListener("submit", send);
  }

  start(form);
})();
