// An agreement's examples while it is written: when three reports to come would be due. The server
// renders the same tables when "Show examples" is pressed instead.
{
  const form = one("form[data-examples]");
  const place = document.getElementById("examples");
  const FIELDS = /^(calendar|first_response|resolution|next_update|team_time|supplier_time)$/;
  let running;

  const cell = (tag, text, scope) => make(tag, "", scope ? { scope, textContent: text } : { textContent: text });

  const table = (shown, words) => {
    const head = [words.when, words.reported, words.due].map(text => cell("th", text, "col"));
    const rows = shown.rows.map(row => make("tr", "", {}, cell("th", row.what, "row"), cell("td", row.reported), cell("td", row.due)));
    const all = make("table", "t flush", {}, make("caption", "", { textContent: shown.target }),
      make("thead", "", {}, make("tr", "", {}, ...head)), make("tbody", "", {}, ...rows));
    return make("div", "wrap", { tabIndex: 0, role: "group", ariaLabel: shown.target }, all);
  };

  const look = async () => {
    running?.abort();
    running = new AbortController();
    const url = new URL(form.dataset.examples, location.href);
    // What its kind hides does not count.
    for (const field of form.elements) {
      if (FIELDS.test(field.name) && field.checkVisibility()) url.searchParams.set(field.name, field.value);
    }
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: running.signal });
      if (!answer.ok) return;
      const { examples, zone } = await answer.json();
      // Half a word is no target yet: what was shown last stays.
      if (!examples.length) return;
      place.replaceChildren(...examples.map(shown => table(shown, place.dataset)), make("p", "hint", { textContent: zone }));
    } catch {
      // Without an answer the page stays as it is.
    }
  };

  if (form && place) {
    const soon = settled(300, look);
    for (const type of ["input", "change"]) {
      form.addEventListener(type, event => FIELDS.test(event.target.name) && soon());
    }
  }
}
