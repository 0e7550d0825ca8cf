use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::sql_types::Text;

use super::*;
use crate::platform::db::connect::{DatabaseUrl, Use, open};
use crate::platform::db::migrate;
use crate::records::views::View;

struct Desk {
    _folder: tempfile::TempDir,
    conn: Db,
    visitor: Visitor,
    ran: Arc<Mutex<Vec<String>>>,
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A migrated file with records of few priorities and instants, so that keys tie.
fn desk(records: usize) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("desk.db"));
    migrate::up(&url).unwrap();
    let mut conn = open(&url, Use::Write).unwrap();
    let id = |n: usize| format!("unhex(printf('%032x', {n}))");
    for (table, from, row) in [
        (
            "people (id, name, mail, mail_key, phone, staff_number, language, zone, theme, single_keys, roles, \
             password_hash, disabled_at, created_at, version)",
            100,
            "'Person ' || i, '', NULL, '', NULL, 'en', 'UTC', 'auto', 1, 1, NULL, NULL, 0, 1",
        ),
        ("teams", 200, "'Team ' || i, 'team ' || i, NULL, NULL, 1"),
        (
            "services",
            300,
            "'Service ' || i, 's' || i, NULL, NULL, 2, NULL, 1",
        ),
    ] {
        run(
            &mut conn,
            &format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) INSERT INTO {table} SELECT unhex(printf('%032x', {from} + i)), {row} FROM n"
            ),
        );
    }
    run(
        &mut conn,
        &format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {records}), \
         r AS (SELECT i, (i * 7919) % 1009 AS a, i % 5 <> 0 AS open FROM n) \
         INSERT INTO records (id, kind, number, title, requester_id, service_id, category_id, \
         team_id, assignee_id, channel, impact, urgency, priority, priority_source, priority_reason, \
         state, state_group, is_open, created_at, reported_at, updated_at, next_due_at, resolved_at, \
         closed_at, reassignments, reopens, version, facts, facts_head, description) \
         SELECT unhex(printf('%032x', 5000 + a * 7 + i * 8000)), \
         CASE a % 4 WHEN 0 THEN 'incident' WHEN 1 THEN 'request' WHEN 2 THEN 'problem' ELSE 'change' END, i, \
         'Title ' || i, {}, CASE WHEN a % 3 = 0 THEN {} END, NULL, unhex(printf('%032x', 201 + a % 4)), \
         CASE WHEN a % 3 > 0 THEN unhex(printf('%032x', 101 + a % 2)) END, 'phone', 2, 2, 1 + a % 3, 'matrix', '', \
         CASE WHEN open AND a % 7 = 0 THEN 'waiting' WHEN open THEN 'new' ELSE 'closed' END, \
         CASE WHEN open AND a % 7 = 0 THEN 'waiting' WHEN open THEN 'open' ELSE 'done' END, open, \
         0, 1000000 * (a % 11), 1000000 * (a % 13), 0, NULL, NULL, 0, 0, 1, 1, x'00', '' FROM r",
            id(104),
            id(301)
        ),
    );
    run(
        &mut conn,
        &format!(
            "UPDATE records SET owner_team_id = {} WHERE number % 3 > 0",
            id(201)
        ),
    );
    run(
        &mut conn,
        "INSERT INTO handover_tallies SELECT owner_team_id, team_id, count(*) FROM records \
         WHERE is_open = 1 AND owner_team_id <> team_id GROUP BY 1, 2",
    );
    run(
        &mut conn,
        "INSERT INTO record_tallies SELECT kind, state_group, team_id, coalesce(assignee_id, zeroblob(16)), count(*) FROM records WHERE is_open = 1 GROUP BY 1, 2, 3, 4",
    );
    run(
        &mut conn,
        "INSERT INTO record_tallies VALUES ('incident', 'open', x'00', x'00', 0)",
    );
    for team in [201, 202] {
        run(
            &mut conn,
            &format!(
                "INSERT INTO team_members VALUES ({}, {})",
                id(101),
                id(team)
            ),
        );
    }
    let ran = Arc::new(Mutex::new(Vec::new()));
    let log = ran.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let sql = text.split(" -- binds").next().unwrap();
            log.lock().unwrap().push(sql.to_owned());
        }
    });
    let mut visitor = Visitor::command(Utc::from_micros(0));
    visitor.id = Id::from_uuid(uuid::Uuid::from_u128(101));
    visitor.teams = vec![uuid::Uuid::from_u128(201), uuid::Uuid::from_u128(202)]
        .into_iter()
        .map(Id::from_uuid)
        .collect();
    Desk {
        _folder: folder,
        conn,
        visitor,
        ran,
    }
}

fn run(conn: &mut Db, sql: &str) {
    diesel::sql_query(sql).execute(conn).unwrap();
}

impl Desk {
    fn page(&mut self, filter: &Filter, order: Order, way: Way, from: Option<&str>) -> Page<Row> {
        list(&mut self.conn, &self.visitor, filter, order, way, from, 50).unwrap()
    }

    /// How SQLite means to run the last statement.
    fn plan(&mut self) -> Vec<String> {
        let sql = self.ran.lock().unwrap().last().unwrap().clone();
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
            .load(&mut self.conn)
            .unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    }

    fn all(&mut self, filter: &Filter, order: Order) -> Vec<String> {
        list(
            &mut self.conn,
            &self.visitor,
            filter,
            order,
            Way::Next,
            None,
            10_000,
        )
        .unwrap()
        .rows
        .iter()
        .map(|row| row.number().to_string())
        .collect()
    }
}

fn orders() -> impl Iterator<Item = Order> {
    Sort::ALL.iter().flat_map(|sort| {
        [true, false].map(|ascending| Order {
            sort: *sort,
            ascending,
        })
    })
}

#[test]
fn every_view_in_every_order_is_read_by_an_index() {
    let mut desk = desk(300);
    for view in View::ALL {
        for order in orders() {
            let filter = view.filter(&desk.visitor);
            let first = desk.page(&filter, order, Way::Next, None);
            let plan = desk.plan();
            assert!(
                plan[0].starts_with("SEARCH records USING INDEX records_by_")
                    || plan[0].starts_with("SEARCH records USING INDEX sqlite_autoindex_records_"),
                "{view} {order:?}: {plan:#?}"
            );
            assert!(
                plan.iter().all(|step| !step.starts_with("SCAN")),
                "{view} {order:?}: {plan:#?}"
            );
            let sorted = plan.iter().find(|step| step.contains("TEMP B-TREE"));
            assert_eq!(sorted, None, "{view} {order:?}: {plan:#?}");
            if let Some(key) = first.next {
                desk.page(&filter, order, Way::Next, Some(&key));
                let plan = desk.plan();
                let kind_only = view.kind().is_some();
                let range = match (order.sort, order.ascending) {
                    (Sort::Priority, true) => "(priority,reported_at,id)>(?,?,?)",
                    (Sort::Priority, false) => "(priority,reported_at,id)<(?,?,?)",
                    (Sort::Opened, true) => "(reported_at,id)>(?,?)",
                    (Sort::Opened, false) => "(reported_at,id)<(?,?)",
                    (Sort::Updated, true) => "(updated_at,id)>(?,?)",
                    (Sort::Updated, false) => "(updated_at,id)<(?,?)",
                    (Sort::Number, true) if kind_only => "kind=? AND number>?",
                    (Sort::Number, false) if kind_only => "kind=? AND number<?",
                    (Sort::Number, true) => "(kind,number)>(?,?)",
                    (Sort::Number, false) => "(kind,number)<(?,?)",
                };
                assert!(plan[0].contains(range), "{view} {order:?}: {plan:#?}");
            }
        }
    }
}

/// Every filter by itself that finished records have indexes for.
fn narrowed(desk: &Desk) -> Vec<(&'static str, Filter)> {
    let base = Filter {
        open: Some(false),
        ..Filter::default()
    };
    let rare = Id::from_uuid(uuid::Uuid::from_u128(999));
    vec![
        (
            "service",
            Filter {
                service: Some(rare.cast()),
                ..base.clone()
            },
        ),
        (
            "category",
            Filter {
                category: Some(rare.cast()),
                ..base.clone()
            },
        ),
        (
            "channel",
            Filter {
                channel: Some(Channel::Chat),
                ..base.clone()
            },
        ),
        (
            "kind",
            Filter {
                kind: Some(Kind::Problem),
                ..base.clone()
            },
        ),
        (
            "team",
            Filter {
                teams: Some(vec![rare.cast()]),
                ..base.clone()
            },
        ),
        (
            "team",
            Filter {
                teams: Some(desk.visitor.teams.clone()),
                ..base.clone()
            },
        ),
        (
            "team",
            Filter {
                no_team: true,
                ..base.clone()
            },
        ),
        (
            "assignee",
            Filter {
                assignee: Some(rare),
                ..base.clone()
            },
        ),
        (
            "assignee",
            Filter {
                unassigned: true,
                ..base
            },
        ),
    ]
}

#[test]
fn finished_records_of_a_rare_value_are_read_where_they_begin() {
    let mut desk = desk(300);
    for (name, filter) in narrowed(&desk) {
        for order in orders() {
            for way in [Way::Next, Way::Previous] {
                let key = Key::parse("2.5000000.incident.9.00000000-0000-0000-0000-000000000001")
                    .unwrap()
                    .text();
                for from in [None, Some(key.as_str())] {
                    desk.page(&filter, order, way, from);
                    let plan = desk.plan();
                    let own = format!("records_done_{name}_{}", order.sort);
                    let old = format!("records_by_{name}");
                    let step = &plan[0];
                    assert!(
                        step.starts_with("SEARCH records USING INDEX")
                            && (step.contains(&own)
                                || (order.sort == Sort::Priority && step.contains(&old))
                                || (order.sort == Sort::Number && name == "kind")),
                        "{filter:?} {order:?}: {plan:#?}"
                    );
                    assert!(
                        plan.iter()
                            .all(|s| !s.contains("TEMP B-TREE") && !s.starts_with("SCAN")),
                        "{filter:?} {order:?}: {plan:#?}"
                    );
                }
            }
        }
    }
}

#[test]
fn all_records_of_a_rare_value_are_read_in_parts_and_so_is_their_export() {
    let mut desk = desk(300);
    for (name, filter) in narrowed(&desk) {
        let filter = Filter {
            open: None,
            ..filter
        };
        list_for_export(&mut desk.conn, &desk.visitor, &filter, None, 20).unwrap();
        let plan = desk.plan();
        assert!(
            plan[0].contains(&format!("records_done_{name}_number")) || name == "kind",
            "{filter:?}: {plan:#?}"
        );
        for order in orders() {
            desk.page(&filter, order, Way::Next, None);
            let sql = desk.ran.lock().unwrap().last().unwrap().clone();
            let alone = order.sort == Sort::Number && name == "kind";
            assert!(
                alone
                    || sql.contains("is_open IS NOT TRUE")
                    || (order.sort == Sort::Priority && sql.contains("is_open = FALSE")),
                "{filter:?} {order:?}: {sql}"
            );
        }
    }
}

#[test]
fn a_requester_is_found_by_their_index() {
    let mut desk = desk(300);
    for order in orders() {
        for open in [Some(false), None] {
            let filter = Filter {
                open,
                requester: Some(Id::from_uuid(uuid::Uuid::from_u128(104))),
                ..Filter::default()
            };
            desk.page(&filter, order, Way::Next, None);
            let plan = desk.plan();
            assert!(
                plan[0].contains("records_by_requester (requester_id=?"),
                "{order:?} {open:?}: {plan:#?}"
            );
        }
    }
}

#[test]
fn a_list_in_parts_is_one_list() {
    let mut desk = desk(420);
    let teams = desk.visitor.teams.clone();
    for open in [Some(false), None] {
        for order in orders() {
            let filter = Filter {
                open,
                teams: Some(teams.clone()),
                ..Filter::default()
            };
            let all = desk.all(&filter, order);
            let each: usize = teams
                .iter()
                .map(|team| {
                    let one = Filter {
                        teams: Some(vec![*team]),
                        ..filter.clone()
                    };
                    desk.all(&one, order).len()
                })
                .sum();
            assert!(all.len() > 20 && all.len() == each, "{open:?} {order:?}");
            let (mut seen, mut from) = (Vec::new(), None);
            loop {
                let page = list(
                    &mut desk.conn,
                    &desk.visitor,
                    &filter,
                    order,
                    Way::Next,
                    from.as_deref(),
                    7,
                )
                .unwrap();
                seen.extend(page.rows.iter().map(|r| r.number().to_string()));
                match page.next {
                    Some(key) => from = Some(key),
                    None => break,
                }
            }
            assert_eq!(seen, all, "{open:?} {order:?}");
        }
    }
}

#[test]
fn one_team_has_an_index_to_itself() {
    let mut desk = desk(300);
    let filter = Filter {
        open: Some(true),
        teams: Some(vec![desk.visitor.teams[0]]),
        ..Filter::default()
    };
    desk.page(&filter, Order::natural(Sort::Priority), Way::Next, None);
    assert!(desk.plan()[0].contains("records_by_team (is_open=? AND team_id=?)"));
}

#[test]
fn what_one_owner_handed_over_has_an_index_in_its_order() {
    let mut desk = desk(300);
    for ascending in [true, false] {
        let order = Order {
            sort: Sort::Priority,
            ascending,
        };
        let filter = Filter {
            open: Some(true),
            handed_over_by: Some(vec![desk.visitor.teams[0]]),
            ..Filter::default()
        };
        desk.page(&filter, order, Way::Next, None);
        let plan = desk.plan();
        assert!(
            plan[0].contains("records_by_owner (is_open=? AND owner_team_id=?"),
            "{plan:#?}"
        );
        assert!(plan.iter().all(|s| !s.contains("TEMP B-TREE")), "{plan:#?}");
    }
}

#[test]
fn an_item_and_a_location_have_an_index_each() {
    let mut desk = desk(300);
    for (filter, index) in [
        (
            Filter {
                item: Some(Id::new()),
                ..Filter::default()
            },
            "records_by_item (is_open=? AND item_id=?)",
        ),
        (
            Filter {
                location: Some(Id::new()),
                ..Filter::default()
            },
            "records_by_location (is_open=? AND location_id=?)",
        ),
    ] {
        let filter = Filter {
            open: Some(true),
            ..filter
        };
        desk.page(&filter, Order::natural(Sort::Priority), Way::Next, None);
        assert!(desk.plan()[0].contains(index), "{:?}", desk.plan());
    }
}

#[test]
fn the_few_that_are_major_have_an_index_to_themselves() {
    let mut desk = desk(300);
    for open in [Some(true), Some(false), None] {
        let filter = Filter {
            open,
            major: true,
            ..Filter::default()
        };
        for order in orders() {
            desk.page(&filter, order, Way::Next, None);
            for plan in desk.plan() {
                let reads_records = plan.contains(" records ");
                assert!(!reads_records || plan.contains("records_major"), "{plan}");
            }
        }
    }
}

#[test]
fn pages_go_through_every_record_once_there_and_back() {
    let mut desk = desk(420);
    for open in [Some(true), Some(false), None] {
        for order in orders() {
            let filter = Filter {
                open,
                ..Filter::default()
            };
            let all = desk.all(&filter, order);
            assert_eq!(
                all.len(),
                match open {
                    Some(true) => 336,
                    Some(false) => 84,
                    None => 420,
                }
            );
            let (mut seen, mut from) = (Vec::new(), None);
            let (last, mut from) = loop {
                let page = desk.page(&filter, order, Way::Next, from.as_deref());
                let rows: Vec<String> = page.rows.iter().map(|r| r.number().to_string()).collect();
                seen.extend(rows.clone());
                match page.next {
                    Some(key) => from = Some(key),
                    None => break (rows, page.previous),
                }
            };
            assert_eq!(seen, all, "{open:?} {order:?}");
            let mut back = last;
            while let Some(key) = from {
                let page = desk.page(&filter, order, Way::Previous, Some(&key));
                let mut rows: Vec<String> =
                    page.rows.iter().map(|r| r.number().to_string()).collect();
                rows.append(&mut back);
                back = rows;
                from = page.previous;
            }
            assert_eq!(back, all, "{open:?} {order:?} back");
        }
    }
}

#[test]
fn the_most_urgent_come_first_and_numbers_count() {
    let mut desk = desk(60);
    let filter = Filter {
        kind: Some(Kind::Incident),
        ..Filter::default()
    };
    let page = desk.page(&filter, Order::natural(Sort::Priority), Way::Next, None);
    let keys: Vec<(i32, Utc)> = page
        .rows
        .iter()
        .map(|r| (r.priority, r.reported_at))
        .collect();
    let mut sorted = keys.clone();
    sorted.sort();
    assert!(keys.len() > 5 && keys == sorted);
    let page = desk.page(&filter, Order::natural(Sort::Number), Way::Next, None);
    assert!(page.rows.is_sorted_by_key(|r| std::cmp::Reverse(r.n)));
}

#[test]
fn a_view_counts_what_it_shows() {
    let mut desk = desk(300);
    let counts = counts(&mut desk.conn, &desk.visitor).unwrap();
    for view in View::ALL {
        let filter = view.filter(&desk.visitor);
        let shown = desk.all(&filter, Order::natural(Sort::Priority)).len();
        assert_eq!(view.count(&counts), shown as i64, "{view}");
        assert!(shown > 5, "{view}");
    }
}

#[test]
fn an_export_is_every_filtered_record_once() {
    let mut desk = desk(420);
    let filter = Filter {
        priority: Some(2),
        ..Filter::default()
    };
    let (mut numbers, mut from) = (Vec::new(), None);
    loop {
        let (rows, next) =
            list_for_export(&mut desk.conn, &desk.visitor, &filter, from.as_deref(), 20).unwrap();
        numbers.extend(rows.iter().map(|r| r.row.row.number().to_string()));
        match next {
            Some(key) => from = Some(key),
            None => break,
        }
    }
    assert_eq!(numbers, desk.all(&filter, Order::BY_NUMBER));
    assert!(numbers.len() > 100);
}

#[test]
fn somebody_who_may_not_work_sees_only_their_own() {
    let mut desk = desk(60);
    desk.visitor.roles = crate::people::Roles::NONE;
    assert!(desk.all(&Filter::default(), Order::BY_NUMBER).is_empty());
    desk.visitor.id = Id::from_uuid(uuid::Uuid::from_u128(104));
    let person = desk.visitor.id;
    let open = open_of(&mut desk.conn, &desk.visitor, person, 5).unwrap();
    assert_eq!(open.len(), 5);
    assert!(open.is_sorted_by_key(|r| std::cmp::Reverse(r.reported_at)));
}

#[test]
fn what_is_no_key_is_ignored() {
    let mut desk = desk(60);
    for text in ["", "1", "x.1.incident.1.1", "1.1.1.1.1", "' OR 1=1 --"] {
        assert!(!is_key(text));
        let page = desk.page(&Filter::default(), Order::BY_NUMBER, Way::Next, Some(text));
        assert_eq!(page.rows.len(), 50);
        assert_eq!(page.previous, None);
    }
}

#[test]
fn open_tasks_are_counted_and_listed_by_their_indexes() {
    let mut desk = desk(60);
    counts(&mut desk.conn, &desk.visitor).unwrap();
    let plan = desk.plan().join("\n");
    for index in ["tasks_assignee", "tasks_team"] {
        assert!(plan.contains(&format!("{index} (")), "{plan}");
    }
    assert!(!plan.contains("SCAN tasks"), "{plan}");
    open_tasks(&mut desk.conn, &desk.visitor, Whose::Mine, 5).unwrap();
    let plan = desk.plan().join("\n");
    assert!(
        plan.contains("tasks_assignee (assignee_id=? AND state=?"),
        "{plan}"
    );
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
fn children_are_found_by_their_index() {
    let mut desk = desk(300);
    let parent = Id::from_uuid(uuid::Uuid::from_u128(9));
    for order in orders() {
        for open in [Some(true), Some(false), None] {
            let filter = Filter {
                open,
                parent: Some(parent),
                ..Filter::default()
            };
            desk.page(&filter, order, Way::Next, None);
            let plan = desk.plan();
            assert!(
                plan[0].contains("records_by_parent (parent_id=?"),
                "{order:?} {open:?}: {plan:#?}"
            );
        }
    }
    use crate::records::store;
    let visitor = desk.visitor.clone();
    store::children_of(&mut desk.conn, &visitor, parent, None, 21).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
    assert!(!plan.iter().any(|s| s.contains("TEMP B-TREE")), "{plan:#?}");
    store::open_children_of(&mut desk.conn, &visitor, &[parent, Id::new()], 501).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
    store::finished_children_of(&mut desk.conn, &visitor, parent, 2).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
    store::height(&mut desk.conn, vec![parent], 10).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
}

#[test]
fn ended_children_are_counted_no_further_than_asked() {
    let mut desk = desk(300);
    let parent: Id<Record> = records::table
        .filter(records::is_open.eq(true))
        .select(records::id)
        .first(&mut desk.conn)
        .unwrap();
    let ended = diesel::update(records::table.filter(records::is_open.eq(false)))
        .set(records::parent_id.eq(parent))
        .execute(&mut desk.conn)
        .unwrap();
    assert!(ended > 2);
    for most in [2, 1_000] {
        let counted = crate::records::store::finished_children_of(
            &mut desk.conn,
            &desk.visitor,
            parent,
            most,
        );
        assert_eq!(counted.unwrap(), ended.min(most));
    }
}
