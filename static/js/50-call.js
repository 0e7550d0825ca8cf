// Logging a call while it is spoken: people found as you type, what was seen before, where it will go.
// The server renders the same parts from the same questions when the Find button is pressed instead.
{
  /** Asks for JSON; a newer question on the same line ends the older one. A failure leaves the page as it is. */
  const line = () => {
    let running;
    return async (path, query) => {
      running?.abort();
      running = new AbortController();
      const url = new URL(path, location.href);
      for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
      try {
        const answer = await fetch(url, { headers: { Accept: "application/json" }, signal: running.signal });
        return answer.ok ? await answer.json() : null;
      } catch {
        return null;
      }
    };
  };

  // --- people: an input with data-people="url"; data-into is the id of the list's place (data-people-list), data-next where to go then ---
  for (const input of all("input[data-people]")) {
    const place = document.getElementById(input.dataset.into);
    const field = input.dataset.field || "person";
    const ask = line();
    let stale = false; // the list answers older words than those in the field
    const radios = () => all('input[type="radio"]', place);
    const picked = () => one(":checked", place);

    const person = (p, checked) => make("li", "", {},
      make("label", "", {},
        make("input", "", { type: "radio", name: field, value: p.id, defaultChecked: checked }),
        make("span", "face lg", { ariaHidden: "true", translate: false, textContent: p.initials }),
        make("span", "", { translate: false }, make("b", "", { dir: "auto", textContent: p.name }), ...(p.vip ? [" ", make("span", "chip", { textContent: p.vip })] : []), make("small", "", { textContent: p.detail })),
        p.open ? make("small", "end", { textContent: p.open }) : null));

    const look = async () => {
      const q = input.value.trim();
      if (q.length < 2) return;
      const people = await ask(input.dataset.people, { q });
      if (!Array.isArray(people)) return;
      stale = false;
      const before = picked()?.value;
      const list = make("ul", "picks", {}, ...people.map(p => person(p, String(p.id) === before)));
      const words = people.length ? fill(input.dataset.found, { n: people.length }) : input.dataset.none;
      const said = make("p", people.length ? "vh" : "hint", { role: "status" });
      place.replaceChildren(said, ...(people.length ? [list] : []));
      said.textContent = words || ""; // after it is in the page, so that it is spoken
      if (before && !picked()) place.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const soon = settled(150, look);
    input.addEventListener("input", event => {
      stale = true;
      if (!event.isComposing) soon();
    });
    input.addEventListener("compositionend", soon);

    const pick = radio => {
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const next = () => (document.getElementById(input.dataset.next) || picked())?.focus();

    input.addEventListener("keydown", event => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const [first] = radios();
      if (event.key === "Enter") {
        event.preventDefault(); // Enter finds and picks; it never sends a half-filled call
        if (first && !stale) {
          pick(picked() || first);
          next();
        } else look().then(() => {
          const [only, ...others] = radios();
          if (!only || others.length) return;
          pick(only);
          next();
        });
      } else if (event.key === "ArrowDown" && first) {
        event.preventDefault();
        const to = picked() || first;
        pick(to);
        to.focus();
      }
    });
    // In the list the arrows are the browser's own; up from the first goes back to the words.
    place.addEventListener("keydown", event => {
      if (event.target.type !== "radio" || event.ctrlKey || event.metaKey) return;
      if (event.key === "Enter") {
        event.preventDefault();
        pick(event.target);
        next();
      } else if (event.key === "ArrowUp" && event.target === radios()[0]) {
        event.preventDefault();
        input.focus();
      }
    });
  }

  // --- the rail and the preview: a form with data-seen and data-preview ---
  const form = one("form[data-seen]");
  const seen = document.getElementById("seen");
  const preview = document.getElementById("preview");
  if (form && seen) {
    const ask = line();
    const words = seen.dataset;
    // Another tab, because this one holds a call that is not saved yet.
    const away = (record, text, className) => make("a", className, { href: record.url, target: "_blank", rel: "noopener", title: words.newtab || "" }, text);
    const section = (title, items) => items.length ? make("section", "sec", {}, make("h2", "", { textContent: title }), make("ul", "list", {}, ...items)) : null;

    // Adds the call to that record instead of logging another.
    const join = (record, text, className = "btn") => make("button", className, { type: "submit", name: "join", value: record.number },
      text, make("span", "vh", { translate: false, textContent: ` ${record.number}` }));

    const look = async () => {
      const data = new FormData(form);
      const person = data.get("person") || "";
      const title = (data.get("title") || "").trim();
      if (!person && title.length < 3) return seen.replaceChildren();
      const answer = await ask(form.dataset.seen, { person, title, description: (data.get("description") || "").slice(0, 500), service: data.get("service") || "", category: data.get("category") || "" });
      if (!answer) return;
      const records = (answer.person?.records || []).map(r => make("li", "", {},
        away(r, r.number, "id"), make("span", "clip", { dir: "auto", translate: false, textContent: r.title, title: r.title }), make("span", "end dim", { textContent: r.state }), join(r, words.contact)));
      const known = (answer.known || []).map(r => make("li", "", {},
        make("div", "grow", {}, away(r, r.number, "id"), " ", make("span", "", { dir: "auto", translate: false, textContent: r.title }), make("br"), make("span", "dim sm", { textContent: r.why }),
          make("details", "fold", {}, make("summary", "", { textContent: words.workaround }), make("div", "pre", { dir: "auto", translate: false, textContent: r.text })))));
      const similar = (answer.similar || []).map(r => make("li", "", {},
        make("div", "", {}, away(r, r.number, "id"), " ", make("span", "dim", { textContent: r.why }), make("br"), make("span", "", { dir: "auto", translate: false, textContent: r.title })), join(r, words.join, "btn end")));
      seen.replaceChildren(...[
        section(words.known, known),
        section(fill(words.similar, { n: similar.length }), similar),
        section(fill(words.records, { name: answer.person?.name }), records),
      ].filter(Boolean));
    };
    const soon = settled(250, look);
    form.addEventListener("input", event => ["title", "description"].includes(event.target.name) && soon());
    form.addEventListener("change", event => event.target.matches('[name="person"], [name="service"], [name="category"], [data-people-list]') && look());
    // Down from the title to what is like it, and up again; Enter there adds the call to it.
    const joins = () => all('button[name="join"]', seen);
    form.addEventListener("keydown", event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = joins().indexOf(event.target);
      if (!step || event.ctrlKey || event.metaKey || event.altKey || (at < 0 && (event.target.name !== "title" || step < 0))) return;
      const to = joins()[at + step] || (at + step < 0 ? one('[name="title"]', form) : null);
      if (!to) return;
      event.preventDefault();
      to.focus();
    });
  }

  if (form && preview) {
    const ask = line();
    const look = async () => {
      const data = new FormData(form);
      // The matrix is one choice that means two: "2-1" is impact 2, urgency 1.
      const [impact, urgency] = data.has("matrix") ? data.get("matrix").split("-") : [data.get("impact") || "", data.get("urgency") || ""];
      const said = name => data.get(name) || "";
      const answer = await ask(form.dataset.preview, { person: said("person"), service: said("service"), category: said("category"), team: said("team"), impact, urgency, priority: said("priority"), channel: said("channel") });
      if (!answer) return;
      const put = (name, text) => all(`[data-${name}]`, preview).forEach(e => { e.textContent = text || ""; });
      put("priority", answer.priority);
      put("team", answer.team);
      put("why", answer.why);
      put("promises", answer.promises);
      all("[data-priority]", preview).forEach(e => { e.dataset.p = answer.priority_level; });
      all("[data-suggested]", form).forEach(e => { e.textContent = answer.suggested; });
      all("[data-place]", form).forEach(e => { e.textContent = answer.place; });
      preview.hidden = false;
    };
    form.addEventListener("change", event => (/^(person|service|category|team|impact|urgency|matrix|priority|channel)$/.test(event.target.name) || event.target.matches("[data-people-list]")) && look());
  }
  // --- solved on the line: the first press of the button that also resolves shows what that needs ---
  const solve = document.getElementById("solve");
  if (form && solve) {
    on("submit", event => {
      const button = event.submitter;
      // For a kind that is not resolved at once the button is hidden; its key goes to the server, which says why.
      if (event.target !== form || button?.dataset.submit !== "resolve" || !solve.hidden || !button.checkVisibility()) return;
      event.preventDefault();
      // From here on Ctrl+Enter means the button inside.
      const inside = one('[data-submit="default"]', solve);
      for (const other of all('[data-submit="default"]', form)) {
        if (other === inside) continue;
        other.removeAttribute("data-submit");
        other.classList.remove("solid");
      }
      one("fieldset", solve).disabled = false;
      solve.hidden = false;
      one("select", solve).focus();
    }, true);
  }
}
