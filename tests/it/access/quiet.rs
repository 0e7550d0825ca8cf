//! No GET writes: every route and every page reachable by links, as each role, leaves the database as
//! it was. When a session was last used is the one exception, by name.

use std::collections::BTreeMap;

use super::routes::{routes, sample};
use crate::app::{App, Client, crawl, each_database};
use crate::library::library;
use crate::structure::row_hashes_but;

fn hashes(app: &App) -> BTreeMap<String, String> {
    row_hashes_but(&mut app.database.connect(), ("sessions", "last_seen_at"))
}

#[test]
fn no_get_writes() {
    each_database(|app| {
        let desk = app.desk();
        let library = library(&app, &desk);
        let people = [
            None,
            Some(&desk.requester),
            Some(&desk.watcher),
            Some(&desk.approver),
            Some(&desk.agent),
            Some(&desk.manager),
            Some(&desk.administrator),
            Some(&desk.disabled),
        ];
        let clients: Vec<Client> = people
            .iter()
            .map(|p| p.map_or_else(|| app.anonymous(), |p| app.visit(p)))
            .collect();
        let before = hashes(&app);
        assert!(before.len() > 25);
        for (client, person) in clients.iter().zip(people) {
            let name = person.map_or("nobody", |p| p.name.as_str());
            for route in routes().iter().filter(|r| r.method == "GET") {
                let path = sample(&route.pattern, |part, _| library.part(&route.pattern, part));
                let answer = client.get(&path);
                assert!(answer.status < 500, "{path} for {name}");
            }
            crawl(client, &["/", "/queue", "/settings", &library.path], 900);
            let after = hashes(&app);
            for (table, hash) in &before {
                assert_eq!(&after[table], hash, "{table} after {name} looked around");
            }
        }
        // Writing when sessions were last used touches that column alone.
        let site = app.site.clone();
        actix_web::rt::System::new()
            .block_on(andon::app::flush(&site))
            .unwrap();
        assert_eq!(hashes(&app), before);
    });
}
