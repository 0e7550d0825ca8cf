//! What was sent when nobody was signed in any more, and keys of forms that are somebody else's.

use time::Duration;

use crate::app::{Client, Desk, FilledForm, LogCall, each_database};

const MEGABYTE: usize = 1_000_000;

fn note(client: &Client, path: &str, body: &str) -> FilledForm {
    client
        .page(path)
        .form("/entries")
        .set("body", body)
        .set("audience", "note")
}

fn incident(app: &crate::app::App, desk: &Desk) -> String {
    let call = LogCall::incident("The printer in 3.14").from(&desk.requester);
    let record = app.log(&desk.agent, &call);
    app.path(&record)
}

#[test]
fn up_to_a_megabyte_of_text_is_parked_and_more_goes_back_whole() {
    each_database(|app| {
        let desk = app.desk();
        let path = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let fits = note(&client, &path, &"f".repeat(MEGABYTE - 1_000));
        let long = format!("begin {} end", "l".repeat(MEGABYTE));
        let too_long = note(&client, &path, &long).file("files", "log.txt", b"the log");
        app.travel(Duration::hours(2));
        client.send(&fits).expect(303);
        assert_eq!(app.count("SELECT count(*) FROM parked_forms"), 1);
        let page = client.send(&too_long).expect(413);
        assert_eq!(app.count("SELECT count(*) FROM parked_forms"), 1);
        page.assert_says("too long to be kept");
        page.assert_says("1 MB");
        // Signed in beside it, the page opens its form again: every character and the file.
        let back = page.form("/entries");
        assert_eq!(back.value("body"), Some(long.as_str()));
        let again = app.visit(&desk.agent);
        let shown = again.send(&back).expect(200);
        shown.assert_says("log.txt");
        let form = shown.form("/entries");
        assert_eq!(form.value("body"), Some(long.as_str()));
        assert_eq!(form.value("audience"), Some("note"));
        assert_eq!(app.count("SELECT count(*) FROM entries"), 0);
    });
}

#[test]
fn a_refused_file_is_named_and_everything_else_is_parked() {
    each_database(|app| {
        let desk = app.desk();
        let path = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let form = note(&client, &path, "Look at both files")
            .file("files", "empty.txt", b"")
            .file("files", "huge.bin", &vec![b'x'; 26 * 1024 * 1024])
            .file("files", "good.txt", b"good");
        app.travel(Duration::hours(2));
        let answer = client.send(&form);
        assert_eq!(answer.location(), "/login?parked=1&next=%2Fparked");
        let again = app.visit(&desk.agent);
        let page = again.page("/parked");
        page.assert_says("Look at both files");
        page.assert_says("good.txt");
        page.assert_says("The file empty.txt is empty.");
        page.assert_says("The file huge.bin is larger than");
        let shown = again.send(&page.form("/entries")).expect(200);
        let done = again.send(&shown.form("/entries"));
        again.follow(&done).assert_says("good.txt");
        // Somebody else finds none of it, nor the file by its name in a form of their own.
        let stranger = app.visit(&desk.colleague);
        assert!(!stranger.page("/parked").text().contains("good.txt"));
    });
}

#[test]
fn a_key_that_somebody_else_used_makes_a_form_of_ones_own() {
    each_database(|app| {
        let desk = app.desk();
        let path = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let colleague = app.visit(&desk.colleague);
        let first = note(&client, &path, "From the first");
        client.send(&first).expect(303);
        let key = first.value("form_key").unwrap();
        let second = note(&colleague, &path, "From the second").set("form_key", key);
        let answer = colleague.send(&second).expect(303);
        assert_eq!(answer.location(), path);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 2);
        // Each of them has their own result, however often they send.
        client.send(&first).expect(303);
        colleague.send(&second).expect(303);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 2);
    });
}
