// Menus and small forms that hang from a summary: closed by a click elsewhere or by Escape, focus goes back.
{
  const opened = () => all("details:is(.menu, .edit)[open]");
  const touched = details => all("form", details).some(form => unsaved(form));

  // A small form with something typed in it stays, so that a stray click loses nothing.
  on("click", event => {
    for (const details of opened()) {
      if (!details.contains(event.target) && !touched(details)) details.open = false;
    }
  });

  on("keydown", event => {
    if (event.key !== "Escape" || event.isComposing) return;
    for (const details of opened()) {
      if (details.contains(document.activeElement)) one("summary", details).focus();
      if (details.matches(".edit")) all("form", details).forEach(form => form.reset());
      details.open = false;
    }
  });

  // Opening a small form goes straight to its first field.
  on("click", event => {
    const details = event.target.closest("details:is(.menu, .edit) > summary")?.parentElement;
    if (details) setTimeout(() => details.open && one(".form :is(select, textarea, input:not([type=hidden]))", details)?.focus());
  });
}
