// Forms: sent once, never lost by a stray click, and the first mistake is where you are.

/** Something in this form is typed and not saved. data-unsaved is the server's word for text it gave back. */
const unsaved = form =>
  form.method === "post" && !one('[type="password"]', form) &&
  ("unsaved" in form.dataset || [...form.elements].some(e =>
    e.type === "file" ? e.files.length : /^(text|search|email|tel|url|number|textarea)/.test(e.type) && e.value !== e.defaultValue));

{
  let sent = null; // the form on its way
  let busy = 0;

  const settle = () => {
    clearTimeout(busy);
    sent = null;
    all('.btn[aria-busy="true"]').forEach(button => button.removeAttribute("aria-busy"));
  };

  on("submit", event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent === form) {
      event.preventDefault();
      return;
    }
    sent = form;
    // A quick answer shows no spinner.
    busy = setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"), 400);
  });

  // A link that says it gives up what was typed (data-leave) need not be asked whether it means it.
  let leaving = false;
  on("click", event => { leaving = Boolean(event.target.closest("a[data-leave]")); });

  addEventListener("beforeunload", event => {
    if (leaving || !all("form").some(form => form !== sent && unsaved(form))) return;
    event.preventDefault();
    setTimeout(settle); // whoever decides to stay may send again
  });

  // Coming back with the browser's own button finds the page as it was left: nothing is on its way.
  addEventListener("pageshow", event => event.persisted && settle());

  // data-autosubmit: a choice is its own submit. With the keyboard a select changes at every arrow,
  // so there the form waits until the field is left or Enter is pressed.
  let keyed = false;
  let waiting = null;
  const send = () => {
    const form = waiting;
    waiting = null;
    form?.requestSubmit();
  };
  on("pointerdown", () => { keyed = false; }, true);
  on("keydown", event => {
    keyed = true;
    if (event.key === "Enter" && waiting && event.target.closest("[data-autosubmit]")) {
      event.preventDefault();
      send();
    }
  }, true);
  on("change", event => {
    const field = event.target.closest("[data-autosubmit]");
    if (!field) return;
    waiting = event.target.form;
    if (!keyed) send();
  });
  on("focusout", event => {
    if (waiting && event.target.closest("[data-autosubmit]") && !event.relatedTarget?.closest("[data-autosubmit]")) send();
  });

  const mistake = one('[aria-invalid="true"]');
  if (mistake) {
    for (let details = mistake.closest("details"); details; details = details.parentElement.closest("details")) details.open = true;
    mistake.focus();
  }
}
