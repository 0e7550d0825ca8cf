// Keys. A page declares its own: an element with data-key="r" is clicked (or, being a field, focused) by R;
// data-focus names the id of a field to go to afterwards. J, K and Enter walk the rows of a list; a row's own
// element with data-row-key is clicked for the row one stands on, or the first.
{
  const typing = target => target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]');
  const rows = () => all(".queue tbody tr, .results > li");
  const link = row => row && one("a[href]", row);

  const move = step => {
    const list = rows();
    if (!list.length) return false;
    const at = list.findIndex(row => row.classList.contains("cur"));
    const next = at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + step));
    list[at]?.classList.remove("cur");
    list[next].classList.add("cur");
    list[next].scrollIntoView({ block: "nearest" });
    link(list[next])?.focus({ preventScroll: true });
    return true;
  };

  // Only from the page itself: on a link or a button Enter already has a meaning.
  const open = target => {
    const current = target === document.body && link(one(".queue tbody .cur, .results > .cur"));
    if (current) current.click();
    return Boolean(current);
  };

  const press = key => {
    const row = one(".cur", one(".results") || root) || one(".results > li");
    const own = row && all("[data-row-key]", row).find(e => e.dataset.rowKey === key);
    if (own) {
      own.click();
      return true;
    }
    const element = all("[data-key]").find(e => e.dataset.key === key && (e.popover !== null || e.checkVisibility()));
    if (!element) return false;
    if (element.popover) element.togglePopover();
    else if (element.matches('input:not([type="checkbox"], [type="radio"]), textarea, select')) {
      element.focus();
      element.select?.();
    } else element.click();
    const field = element.dataset.focus && document.getElementById(element.dataset.focus);
    field?.focus();
    return true;
  };

  on("keydown", event => {
    if (event.isComposing || event.defaultPrevented || event.repeat && !"jk".includes(event.key)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || root.dataset.keys === "off" || typing(event.target)) return;
    const key = event.key;
    const done = key === "j" ? move(1) : key === "k" ? move(-1) : key === "Enter" ? open(event.target) : key.length === 1 && press(key);
    if (done) event.preventDefault();
  });

  // The row someone came to by mouse or Tab is where J and K go on from.
  on("focusin", event => {
    const row = event.target.closest(".queue tbody tr, .results > li");
    if (!row || row.classList.contains("cur")) return;
    all(".cur").forEach(other => other.classList.remove("cur"));
    row.classList.add("cur");
  });

  // Ctrl or Cmd + Enter sends the form you are in; with Shift, by the button that also resolves.
  // This is not a single letter, so it stays when those are switched off.
  on("keydown", event => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.form || event.target.closest("form");
    if (!form || form.method === "dialog") return;
    const buttons = [...form.elements].filter(e => e.type === "submit" && !e.disabled);
    const button = event.shiftKey
      ? buttons.find(e => e.dataset.submit === "resolve")
      : buttons.find(e => e.dataset.submit === "default") || buttons[0];
    event.preventDefault();
    if (button || !event.shiftKey) form.requestSubmit(button || null);
  });
}
