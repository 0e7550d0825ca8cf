//! All interface text comes from the catalogue: every page is rendered in a language that has no ASCII
//! letter of its own, and what is still plain was written by hand.

use andon::platform::words::untranslated;

use crate::app::{crawl, on_sqlite};
use crate::library::library;

const PSEUDO: &str = "en-XA";

/// The product's name, formats and units that are the same everywhere; and what is searched for.
const ALLOWED: &[&str] = &[
    "Andon",
    "CSV",
    "UTC",
    "printer",
    "nothingofthekind",
    // A column and a cell of a file, as they stand in it.
    "environment",
    "nowhere",
];

/// Errors too speak to the person, not to their browser.
#[test]
fn an_error_page_speaks_the_language_of_who_is_signed_in() {
    on_sqlite(|app| {
        let desk = app.desk();
        app.set_language(&desk.agent, PSEUDO);
        let client = app.visit(&desk.agent);
        for path in [
            "/nowhere",
            "/incidents/INC-4711",
            "/incidents/nonsense",
            "/settings",
            "/attachments/1",
        ] {
            let page = client.get(path);
            assert!(page.status >= 400, "{path}");
            let html = page.html();
            assert!(html.contains(&format!("lang=\"{PSEUDO}\"")), "{path}");
            page.assert_says(&desk.agent.name);
        }
        // Whoever is not known is spoken to as their browser asks.
        let stranger = app.anonymous().get("/nowhere");
        assert!(stranger.html().contains("lang=\"en\""));
    });
}

#[test]
fn every_word_comes_from_the_catalogue() {
    on_sqlite(|app| {
        let desk = app.desk();
        let library = library(&app, &desk);
        for person in [&desk.administrator, &desk.requester] {
            app.set_language(person, PSEUDO);
        }
        let mut wrong = Vec::new();
        let mut pages = crawl(
            &app.visit(&desk.administrator).reading(PSEUDO),
            &[
                "/",
                "/queue",
                "/settings",
                &library.path,
                "/calls/new",
                "/search?q=printer",
                "/incidents/INC-4711",
            ],
            800,
        );
        let administrator = app.visit(&desk.administrator).reading(PSEUDO);
        for path in ["hold", "resolution", "cancellation", "duplicate"] {
            let page = administrator.page(&format!("{}/{path}", library.path));
            // And as it comes back.
            pages.push(administrator.send(&page.form(path)));
            pages.push(page);
        }
        for (what, file) in [
            ("people", crate::estate::PEOPLE_CSV),
            ("items", crate::estate::ITEMS_CSV),
        ] {
            let path = format!("/settings/import/{what}");
            let form = administrator.page(&path).form(&path);
            pages.push(administrator.send(&form.clone().file(
                "files",
                "list.csv",
                file.as_bytes(),
            )));
            pages.push(administrator.send(&form));
        }
        for path in [
            "/queue?colour=red&sort=shoe",
            "/search?q=%22",
            "/search?q=nothingofthekind",
            "/parked",
        ] {
            pages.push(administrator.get(path));
        }
        let form = administrator.page("/calls/new").form("/calls");
        pages.push(administrator.press(&form, "do", "save"));
        pages.extend(crawl(
            &app.visit(&desk.requester).reading(PSEUDO),
            &["/", "/search?q=printer", "/queue"],
            100,
        ));
        let nobody = app.anonymous().reading(PSEUDO);
        for path in [
            "/login",
            "/setup/none",
            "/password/none",
            "/no/such/page",
            "/login?parked=1",
        ] {
            pages.push(nobody.get(path));
        }
        // What people wrote and what things are called is data, in whatever sentence it stands.
        let mut allowed: Vec<String> = [
            "people",
            "teams",
            "services",
            "categories",
            "organisations",
            "locations",
            "suppliers",
            "items",
            "approval_policies",
            "boards",
        ]
        .iter()
        .map(|table| format!("SELECT name AS line FROM {table}"))
        .chain([
            "SELECT title AS line FROM records".to_owned(),
            "SELECT label AS line FROM codes".to_owned(),
            "SELECT name AS line FROM levels".to_owned(),
            "SELECT mail AS line FROM people".to_owned(),
        ])
        .flat_map(|sql| app.database.lines(&sql))
        .chain(ALLOWED.iter().map(|word| (*word).to_owned()))
        .collect();
        for prefix in ["INC", "REQ", "PRB", "CHG"] {
            allowed.extend((1..30).map(|n| format!("{prefix}-{n}")));
            allowed.push(format!("{prefix}-4711"));
        }
        // Longer ones first, so that none is cut by a part of itself.
        allowed.sort_by_key(|text| std::cmp::Reverse(text.len()));
        let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
        let mut looked_at = 0;
        for page in &pages {
            let html = page
                .header("content-type")
                .is_some_and(|t| t.starts_with("text/html"));
            if !html || page.status == 303 {
                continue;
            }
            looked_at += 1;
            for text in untranslated(&page.html(), &allowed) {
                wrong.push(format!("{}: {text}", page.path));
            }
        }
        assert!(looked_at > 40, "{looked_at}");
        wrong.sort();
        wrong.dedup();
        assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
    });
}
