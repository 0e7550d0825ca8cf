use super::*;
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::zone::Zone;
use crate::records::{Practice, State};

static DESK: Practice = Practice {
    kind: Kind::Incident,
    states: &[
        State {
            word: "new",
            group: Group::Open,
            on_the_way: true,
        },
        State {
            word: "closed",
            group: Group::Done,
            on_the_way: true,
        },
    ],
    moves: &[],
    first: "new",
    marks: crate::records::no_marks,
    becomes: None,
    besides: crate::records::nothing_besides,
    cells: crate::records::no_cells,
};
const PRACTICES: Practices = Practices(|_| &DESK);

fn visitor() -> Visitor {
    let mut visitor = Visitor::command(Utc::from_micros(0));
    visitor.id = Id::new();
    visitor.teams = vec![Id::new(), Id::new()];
    visitor.zone = Zone::named("Europe/Berlin").unwrap();
    visitor
}

fn read(query: &str) -> (Ask, Option<Filter>) {
    let visitor = visitor();
    let ask = Ask::read(query, &visitor, PRACTICES);
    let filter = ask.filter(&visitor, PRACTICES);
    (ask, filter)
}

#[test]
fn an_empty_address_is_the_first_view_in_the_usual_order() {
    let (ask, filter) = read("");
    assert_eq!(ask.view, View::Teams);
    assert_eq!(ask.order, Order::natural(Sort::Due));
    assert_eq!(filter.unwrap().open, Some(true));
    assert_eq!(ask.bare(), "/queue?view=teams");
    assert!(ask.notices().is_empty());
}

/// Nothing that ended is due.
#[test]
fn only_open_records_are_ordered_by_when_they_are_due() {
    for query in ["show=done", "show=all", "state=closed"] {
        assert_eq!(
            read(query).0.order,
            Order::natural(Sort::Priority),
            "{query}"
        );
        let (ask, _) = read(&format!("{query}&sort=due"));
        assert_eq!(ask.order, Order::natural(Sort::Priority), "{query}");
        assert_eq!(ask.notices().len(), 1, "{query}");
    }
    assert_eq!(read("state=new").0.order, Order::natural(Sort::Due));
    assert_eq!(
        read("sort=due&dir=desc").0.bare(),
        "/queue?view=teams&dir=desc"
    );
}

#[test]
fn filters_narrow_and_come_back_in_the_address() {
    let id = Id::<()>::new();
    let (ask, filter) = read(&format!(
        "view=open&priority=P2&state=new&channel=phone&service={id}&kind=incident&requester=&sort=opened&dir=asc"
    ));
    let filter = filter.unwrap();
    assert_eq!(filter.priority, Some(2));
    assert_eq!(filter.state.as_deref(), Some("new"));
    assert_eq!(filter.service, Some(id.cast()));
    assert_eq!(filter.requester, None);
    assert_eq!(
        ask.at("/queue.csv"),
        format!(
            "/queue.csv?view=open&priority=2&state=new&channel=phone&service={id}&kind=incident&sort=opened&dir=asc"
        )
    );
    assert_eq!(
        ask.without(Param::Service),
        "/queue?view=open&priority=2&state=new&channel=phone&kind=incident&sort=opened&dir=asc"
    );
    let again = read(ask.bare().trim_start_matches("/queue?")).0;
    assert!(again.given.is_empty());
    assert_eq!(again.order, ask.order);
}

#[test]
fn what_is_not_known_is_left_out_and_named() {
    let (ask, filter) = read(
        "view=nope&colour=red&state=on_fire&priority=0&priority=x&team=1%27%20OR%201=1--&sort=title;DROP&dir=up&after=1.2.3&show=some&opened_from=31.12.2025&channel=fax&kind=a&assignee=you&%FF=%FF",
    );
    assert!(ask.given.is_empty() && ask.from.is_none() && ask.unknown_sort);
    let filter = filter.unwrap();
    assert_eq!(
        (filter.priority, filter.kind, filter.channel),
        (None, None, None)
    );
    assert_eq!(filter.teams.map(|teams| teams.len()), Some(2));
    assert_eq!(ask.unknown.len(), 10);
    assert_eq!(ask.unknown[0], "view=nope");
    assert!(ask.unknown.iter().any(|text| text == "team=1' OR 1=1--"));
    assert_eq!(ask.notices().len(), 2);
    let long = read(&format!("{}=1", "x".repeat(5000))).0;
    assert_eq!(long.unknown[0].len(), 60);
    assert_eq!(
        read("kind=incident&kind=problem").0.unknown,
        ["kind=problem"]
    );
}

#[test]
fn a_filter_at_odds_with_the_view_leaves_nothing() {
    assert_eq!(read("view=incident&kind=problem").1, None);
    assert_eq!(
        read(&format!("view=mine&assignee={}", Id::<()>::new())).1,
        None
    );
    assert_eq!(
        read(&format!("view=teams&team={}", Id::<()>::new())).1,
        None
    );
    assert!(read("view=mine&assignee=me").1.is_some());
    assert!(read("view=incident&kind=incident").1.is_some());
}

#[test]
fn no_team_is_a_filter_like_nobody() {
    let (ask, filter) = read("view=open&team=none&show=all");
    let filter = filter.unwrap();
    assert!(filter.no_team && filter.teams.is_none());
    assert_eq!(
        ask.at("/queue.csv"),
        "/queue.csv?view=open&team=none&show=all&sort=priority"
    );
    assert_eq!(
        ask.without(Param::Team),
        "/queue?view=open&show=all&sort=priority"
    );
    assert_eq!(read("view=teams&team=none").1, None);
}

#[test]
fn finished_states_look_among_finished_records() {
    assert_eq!(read("view=open&state=closed").1.unwrap().open, Some(false));
    assert_eq!(read("view=open&state=new").1.unwrap().open, Some(true));
    assert_eq!(
        read("view=open&state=closed&show=all").1.unwrap().open,
        None
    );
    assert_eq!(read("view=mine&show=done").1.unwrap().open, Some(false));
}

/// However many have ended, none of them is looked at for a lamp.
#[test]
fn what_has_ended_shows_no_lamp() {
    let (ask, filter) = read("view=open&show=all&lamp=risk");
    assert_eq!(filter.unwrap().open, Some(true));
    assert_eq!(ask.order, Order::natural(Sort::Due));
    for ended in [
        "show=done&lamp=risk",
        "lamp=risk&show=done",
        "lamp=met&state=closed",
    ] {
        assert_eq!(read(&format!("view=open&{ended}")).1, None, "{ended}");
    }
}

#[test]
fn a_list_lamp_by_lamp_leads_to_each_of_them() {
    let (ask, _) = read("view=open&group=lamp&priority=2");
    assert!(ask.by_lamp && ask.notices().is_empty());
    assert_eq!(
        ask.at("/queue.csv"),
        "/queue.csv?view=open&priority=2&group=lamp"
    );
    let risk = "/queue?view=open&priority=2&lamp=risk";
    assert_eq!(ask.showing(Lamp::Risk), risk);
    // Also from a list that is narrowed to one already.
    let (narrow, _) = read("view=open&lamp=ok&priority=2&group=lamp");
    assert_eq!(narrow.showing(Lamp::Risk), risk);
    assert_eq!(
        narrow.without(Param::Lamp),
        "/queue?view=open&priority=2&group=lamp"
    );
    let (other, _) = read("view=open&group=lamp&sort=number");
    assert!(!other.by_lamp && !other.notices().is_empty());
}

#[test]
fn days_are_the_readers() {
    let filter = read("opened_from=2026-03-29&opened_to=2026-03-29")
        .1
        .unwrap();
    assert_eq!(
        filter.opened_from.unwrap().rfc3339(),
        "2026-03-28T23:00:00Z"
    );
    assert_eq!(
        filter.opened_before.unwrap().rfc3339(),
        "2026-03-29T22:00:00Z"
    );
}
