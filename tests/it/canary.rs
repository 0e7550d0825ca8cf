//! What is internal reaches nobody but those who work on records: on no page, in no search, export or
//! answer to a script; and a search that finds only internal text answers exactly like one that finds
//! nothing.

use crate::access::{routes, sample};
use crate::app::{App, Client, Page, crawl, each_database};
use crate::library::{CANARY, Library, NONSENSE, library};

/// Every GET there is, and every page reachable by links.
fn everything(client: &Client, library: &Library) -> Vec<Page> {
    let mut pages: Vec<Page> = routes()
        .iter()
        .filter(|r| r.method == "GET")
        .map(|r| {
            client.get(&sample(&r.pattern, |part, _| {
                library.part(&r.pattern, part)
            }))
        })
        .collect();
    let foreign = library.foreign.number().path();
    let file = format!("/attachments/{}", library.internal_file);
    let starts = [
        "/",
        "/queue",
        "/queue.csv",
        "/search",
        &library.path,
        &foreign,
        &file,
    ];
    pages.extend(crawl(client, &starts, 600));
    for view in [
        "mine",
        "teams",
        "unassigned",
        "waiting",
        "open",
        "incidents",
        "all",
    ] {
        pages.push(client.get(&format!("/queue?view={view}")));
        pages.push(client.get(&format!("/queue.csv?view={view}&show=all")));
    }
    for q in [CANARY, "boss", "supplier", "printer", "toner", NONSENSE] {
        for order in ["", "&order=best", "&order=newest"] {
            pages.push(client.get(&format!("/search?q={q}{order}")));
        }
        pages.push(client.get(&format!("/calls/new/people?q={q}")));
        pages.push(client.get(&format!("/calls/new/seen?title={q}&q={q}")));
        pages.push(client.get(&format!("/calls/new/preview?title={q}")));
    }
    pages
}

fn holds(page: &Page, word: &str) -> bool {
    page.html().to_lowercase().contains(word)
        || page
            .headers
            .iter()
            .any(|(_, v)| v.to_lowercase().contains(word))
}

/// Where the word was asked for it comes back as what was asked, and otherwise the answer is the one a
/// nonsense word gets; anywhere else the word is a leak.
fn leaks(client: &Client, page: &Page) -> bool {
    if !page.path.contains(CANARY) {
        return holds(page, CANARY);
    }
    let other = client.get(&page.path.replace(CANARY, NONSENSE));
    plain(page, CANARY) != plain(&other, NONSENSE)
}

/// A page without its request's id and without the word that was asked for.
fn plain(page: &Page, word: &str) -> String {
    page.html()
        .replace(page.header("x-request-id").unwrap_or("no id"), "ID")
        .replace(word, "WORD")
}

#[test]
fn internal_text_reaches_nobody_outside() {
    each_database(|app| {
        let desk = app.desk();
        let library = library(&app, &desk);
        // The test would notice: those who work find it in all these ways.
        let agent = app.visit(&desk.agent);
        assert!(holds(&agent.page(&library.path), CANARY));
        let found = agent.page(&format!("/search?q={CANARY}"));
        assert!(found.text().contains(&library.record.number().to_string()));
        let file = format!("/attachments/{}", library.internal_file);
        assert!(holds(&agent.page(&file), CANARY));
        for person in [&desk.requester, &desk.watcher, &desk.other, &desk.approver] {
            let client = app.visit(person);
            for page in everything(&client, &library) {
                // The other requester may read the titles of their own records.
                let own = ["of somebody else".to_owned(), format!("{CANARY} child")];
                if person.id == desk.other.id && own.iter().any(|t| page.text().contains(t)) {
                    continue;
                }
                assert!(
                    !leaks(&client, &page),
                    "{} sees {}: {}",
                    person.name,
                    page.path,
                    page.text()
                );
            }
        }
    });
}

#[test]
fn a_search_for_internal_text_answers_like_one_for_nonsense() {
    each_database(|app| {
        let desk = app.desk();
        library(&app, &desk);
        for person in [&desk.requester, &desk.watcher, &desk.approver] {
            let client = app.visit(person);
            for order in ["", "&order=best"] {
                assert_same(&app, &client, order);
            }
        }
    });
}

fn assert_same(app: &App, client: &Client, order: &str) {
    let page = |word: &str| {
        let page = client.get(&format!("/search?q={word}{order}"));
        (page.status, plain(&page, word))
    };
    assert_eq!(page(CANARY), page(NONSENSE), "{}", app.address);
    let json = |word: &str| {
        let page = client.get(&format!("/calls/new/seen?title={word}"));
        (page.status, plain(&page, word))
    };
    assert_eq!(json(CANARY), json(NONSENSE));
}
