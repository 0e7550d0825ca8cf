//! The page of a call, prepared: every choice with what is chosen, what was found, what saving
//! will do. A fresh form and one that comes back differ only in what their fields hold.

use askama::Template;

use super::choices::{self, Choice, ImpactRow, KindChoice};
use super::lookups::{self, Asked, Pick, Preview, Seen, there};
use super::{Query, command};
use crate::items;
use crate::people::{Form, FormView, Person, Shell, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::zone::Zone;
use crate::problems;
use crate::records::{self, Channel, Kind, Number, Practices, Record};
use crate::services::{Level, Scale};

#[derive(Template)]
#[template(path = "incidents/call.html")]
pub struct CallPage {
    shell: Shell,
    form: FormView,
    /// The form came back with what was typed, so leaving it would lose that.
    given_back: bool,
    said: Vec<Said>,
    /// The field to begin in.
    focus: String,
    kinds: Vec<KindChoice>,
    people: Vec<PickRow>,
    /// Those who may be calling for the requester.
    callers: Vec<PickRow>,
    for_another: bool,
    /// Somebody was looked for and nobody found.
    nobody: bool,
    adding: bool,
    services: Vec<Choice>,
    categories: Vec<Choice>,
    channels: Vec<Choice>,
    locations: Vec<Choice>,
    urgencies: Vec<Level>,
    impacts: Vec<ImpactRow>,
    priorities: Vec<Choice>,
    by_hand: bool,
    teams: Vec<Choice>,
    earlier: bool,
    latest: String,
    recurrence: Option<Recurrence>,
    /// What a problem or change is raised from.
    raised: Option<Recurrence>,
    solving: bool,
    codes: Vec<Choice>,
    preview: Preview,
    seen: Seen,
}

/// Something said above the form: a saved call, an address that was not understood.
struct Said {
    lamp: &'static str,
    glyph: &'static str,
    text: String,
    link: Option<Number>,
}

struct PickRow {
    pick: Pick,
    chosen: bool,
}

struct Recurrence {
    number: Number,
    title: String,
    chosen: bool,
}

/// An empty form, filled in as far as the address says.
pub fn fresh(
    conn: &mut Db,
    visitor: &Visitor,
    practices: Practices,
    query: &Query,
) -> Result<CallPage> {
    let mut said = Vec::new();
    if let Some(record) = asked_record(conn, visitor, query, "logged", &mut said)? {
        said.push(Said {
            lamp: "ok",
            glyph: "met",
            text: visitor.words.s("call-saved-before").into_owned(),
            link: Some(record.number()),
        });
    }
    if let Some(record) = asked_record(conn, visitor, query, "joined", &mut said)? {
        let counts = records::contact_counts(conn, record.id)?;
        said.push(Said {
            lamp: "ok",
            glyph: "met",
            text: visitor.words.with(
                "call-joined-before",
                [("affected", counts.affected), ("contacts", counts.contacts)],
            ),
            link: Some(record.number()),
        });
    }
    let mut form = FormView::fresh();
    let mut requester = None;
    if !query.value("requester").is_empty() {
        requester = match query.parsed("requester") {
            Some(id) => lookups::person(conn, visitor, id)?,
            None => None,
        };
        if requester.is_none() {
            said.push(notice(visitor, "call-person-unknown"));
        }
    }
    if let Some(first) = asked_record(conn, visitor, query, "recurrence_of", &mut said)? {
        if command::KINDS.contains(&first.kind) {
            form = form.preset("kind", first.kind.word());
        }
        form = form
            .preset("recurrence_offered", first.number())
            .preset("recurrence_of", first.number())
            .preset("title", &first.title)
            .preset("service", optional(first.service_id))
            .preset("category", optional(first.category_id));
        if let (None, Some(id)) = (&requester, first.requester_id) {
            requester = lookups::person(conn, visitor, id)?;
        }
    }
    if let Some(source) = asked_record(conn, visitor, query, "raised_from", &mut said)? {
        form = raised(conn, &source, query, form)?;
    }
    if let Some(pick) = requester {
        form = form.preset("req", &pick.name).preset("person", pick.id);
    }
    let (impact, urgency) = choices::default_cell(conn)?;
    form = form
        .preset("kind", command::KINDS[0].word())
        .preset("channel", Channel::Phone.word())
        .preset("matrix", format!("{impact}-{urgency}"));
    page(conn, visitor, practices, form, said, false)
}

/// What a problem or change has of the record it is raised from. Nobody asks for it; who asked for
/// that is answered there.
fn raised(conn: &mut Db, source: &Record, query: &Query, form: FormView) -> Result<FormView> {
    let asked = Kind::from_word(query.value("kind"));
    let kind = asked.filter(|kind| records::raised_link(source.kind, *kind).is_some());
    let kind = kind.or_else(|| {
        let mut kinds = command::RAISED.into_iter();
        kinds.find(|kind| records::raised_link(source.kind, *kind).is_some())
    });
    let item = match source.item_id {
        Some(id) => items::item_name(conn, id)?,
        None => String::new(),
    };
    Ok(form
        .preset("raised_from", source.number())
        .preset("kind", kind.map_or("", Kind::word))
        .preset("title", &source.title)
        .preset("service", optional(source.service_id))
        .preset("category", optional(source.category_id))
        .preset("item", item)
        .preset("channel", source.channel.word())
        .preset("matrix", format!("{}-{}", source.impact, source.urgency)))
}

/// The form as it was posted, with what is wrong with it.
pub fn again(
    conn: &mut Db,
    visitor: &Visitor,
    practices: Practices,
    posted: &Form,
    error: Option<&Error>,
) -> Result<CallPage> {
    let shell = visitor.shell("calls", visitor.words.s("log-a-call"));
    let form = FormView::again(&shell, posted, error);
    page(conn, visitor, practices, form, Vec::new(), true)
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    practices: Practices,
    form: FormView,
    said: Vec<Said>,
    given_back: bool,
) -> Result<CallPage> {
    let t = visitor.words;
    let raised = named(conn, visitor, &form, &["raised_from"])?;
    let title = match &raised {
        Some(source) => t.with1("raise-from", "number", source.number.to_string()),
        None => t.s("log-a-call").into_owned(),
    };
    let shell = visitor.shell("calls", title);
    let people = people_found(conn, visitor, &form, "req", "person")?;
    let callers = people_found(conn, visitor, &form, "by", "by_person")?;
    let person: Option<Id<Person>> = people.iter().find(|p| p.chosen).map(|p| p.pick.id);
    let matrix = records::matrix(conn)?;
    let (impact, urgency) = command::cell(form.value("matrix")).unwrap_or_default();
    let asked = Asked {
        person,
        service: form.value("service").parse().ok(),
        category: form.value("category").parse().ok(),
        team: form.value("team").parse().ok(),
        impact,
        urgency,
        priority: form.value("priority").parse().ok(),
        channel: Channel::from_word(form.value("channel")),
    };
    let preview = lookups::preview(conn, visitor, &asked)?;
    let typed = problems::Asked {
        title: form.value("title").to_owned(),
        description: form.value("description").to_owned(),
        service: asked.service,
        category: asked.category,
        item: None,
    };
    let seen = lookups::seen(conn, visitor, person, &typed)?;
    let urgencies = records::levels(conn, Scale::Urgency)?;
    let impacts = choices::impact_rows(conn, visitor, &form, &matrix, &urgencies)?;
    let solving = form.has("resolution_code") || form.value("do") == "resolve";
    let filled = |fields: &[&str]| {
        fields
            .iter()
            .any(|f| !form.value(f).is_empty() || form.error(f).is_some())
    };
    let nobody = !form.value("req").is_empty() && people.is_empty();
    Ok(CallPage {
        focus: focus(
            &form,
            person.is_some() || raised.is_some(),
            !people.is_empty(),
        ),
        given_back,
        said,
        kinds: choices::kinds(visitor, practices, &form),
        nobody,
        adding: filled(&command::NEW_PERSON),
        for_another: filled(&["by", "by_person"]),
        callers,
        services: choices::services(conn, &form)?,
        categories: choices::categories(conn, &form)?,
        channels: choices::channels(visitor, &form),
        locations: choices::locations(conn, &form)?,
        urgencies,
        impacts,
        priorities: choices::priorities(conn, &form)?,
        by_hand: filled(&["priority", "priority_reason"]),
        teams: choices::teams(conn, &form)?,
        earlier: filled(&["reported_at", "location", "item"]),
        latest: local_minute(&visitor.zone, visitor.now),
        recurrence: recurrence(conn, visitor, &form)?,
        raised,
        solving,
        codes: choices::codes(conn, &form)?,
        preview,
        seen,
        people,
        form,
        shell,
    })
}

/// Where somebody goes on typing: the first mistake, what was just opened, what is still empty.
fn focus(form: &FormView, known: bool, found: bool) -> String {
    let first_mistake = form.errors().iter().map(|(f, _)| f).find(|f| !f.is_empty());
    let field = match first_mistake {
        Some(field) => field,
        None if form.value("do") == "resolve" => "resolution_code",
        None if form.value("do") == "find" && found => "person",
        None if known => "title",
        None => "req",
    };
    field.to_owned()
}

/// The people found by the words typed, the one chosen among them. Where exactly one is found,
/// that is who is meant.
fn people_found(
    conn: &mut Db,
    visitor: &Visitor,
    form: &FormView,
    words: &str,
    choice: &str,
) -> Result<Vec<PickRow>> {
    let mut found = lookups::people(conn, visitor, form.value(words))?;
    let mut chosen: Option<Id<Person>> = form.value(choice).parse().ok();
    if let Some(id) = chosen
        && !found.iter().any(|p| p.id == id)
    {
        match lookups::person(conn, visitor, id)? {
            Some(pick) => found.insert(0, pick),
            None => chosen = None,
        }
    }
    if let (None, [only]) = (chosen, found.as_slice()) {
        chosen = Some(only.id);
    }
    Ok(found
        .into_iter()
        .map(|pick| PickRow {
            chosen: Some(pick.id) == chosen,
            pick,
        })
        .collect())
}

/// The record an address names, if the visitor may see it; otherwise that is said.
fn asked_record(
    conn: &mut Db,
    visitor: &Visitor,
    query: &Query,
    name: &str,
    said: &mut Vec<Said>,
) -> Result<Option<Record>> {
    if query.value(name).is_empty() {
        return Ok(None);
    }
    let found = match query.parsed(name) {
        Some(number) => there(records::find_meant(conn, visitor, number))?,
        None => None,
    };
    if found.is_none() {
        said.push(notice(visitor, "record-unknown"));
    }
    Ok(found)
}

fn notice(visitor: &Visitor, key: &str) -> Said {
    Said {
        lamp: "risk",
        glyph: "risk",
        text: visitor.words.s(key).into_owned(),
        link: None,
    }
}

/// The record this one can be linked to, as long as the visitor may see it: offered also after
/// somebody chose not to.
fn recurrence(conn: &mut Db, visitor: &Visitor, form: &FormView) -> Result<Option<Recurrence>> {
    named(
        conn,
        visitor,
        form,
        &["recurrence_offered", "recurrence_of"],
    )
}

/// The record that the first of some fields names, as long as the visitor may see it.
fn named(
    conn: &mut Db,
    visitor: &Visitor,
    form: &FormView,
    fields: &[&str],
) -> Result<Option<Recurrence>> {
    let number = fields.iter().find_map(|f| form.value(f).parse().ok());
    let Some(number) = number else {
        return Ok(None);
    };
    let found = there(records::find_meant(conn, visitor, number))?;
    Ok(found.map(|record| Recurrence {
        number: record.number(),
        title: record.title,
        chosen: form.has("recurrence_of"),
    }))
}

fn optional<T>(id: Option<Id<T>>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

/// An instant as a `datetime-local` field takes it.
fn local_minute(zone: &Zone, at: Utc) -> String {
    let local = zone.local(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute()
    )
}
