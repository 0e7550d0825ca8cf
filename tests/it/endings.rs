//! A reply that also ends the record, what a record's page counts, and who logged it.

use andon::records::Kind;

use crate::app::{App, Client, Desk, FilledForm, LogCall, each_database};
use crate::life_cycle::record_in;

fn incident(app: &App, desk: &Desk) -> String {
    let call = LogCall::incident("The printer in 3.14").from(&desk.requester);
    let record = app.log(&desk.agent, &call);
    app.path(&record)
}

fn reply(client: &Client, path: &str) -> FilledForm {
    client
        .page(path)
        .form("/entries")
        .set("audience", "public")
        .set("body", "The toner was empty; it prints again.")
        .add("do", "resolve")
}

#[test]
fn a_reply_that_resolves_is_two_facts_of_one_post() {
    each_database(|app| {
        let desk = app.desk();
        let path = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let sent = reply(&client, &path).file("files", "toner.txt", b"order 77");
        // The first press asks how; nothing is written yet.
        let asked = client.send(&sent).expect(200);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 0);
        let form = asked.form("/entries");
        assert_eq!(form.value("body"), sent.value("body"));
        assert!(form.value("kept_file").is_some());
        assert_eq!(form.value("resolution_code"), Some(""));
        // Without a code neither happens, and everything is still there.
        let back = client.send(&form.clone().add("do", "resolve")).expect(422);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 0);
        let form = back.form("/entries");
        assert_eq!(form.value("body"), sent.value("body"));
        let form = form.set("resolution_code", "fixed").add("do", "resolve");
        client.send(&form).expect(303);
        client.send(&form).expect(303);
        let facts = app
            .database
            .lines("SELECT name AS line FROM facts WHERE subject_kind = 'record' ORDER BY seq");
        assert_eq!(
            facts,
            [
                "incident.created",
                "incident.replied",
                "incident.attached",
                "incident.resolved"
            ]
        );
        // No text of its own: what the requester was told is how it was resolved.
        let texts = app.database.lines("SELECT text AS line FROM resolutions");
        assert_eq!(texts, ["The toner was empty; it prints again."]);
        let said = app.database.lines("SELECT audience AS line FROM entries");
        assert_eq!(said, ["public"]);
    });
}

#[test]
fn a_request_is_fulfilled_by_its_reply_and_what_cannot_end_offers_no_button() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let request = record_in(&app, &desk, Kind::Request, "in_fulfilment");
        let path = app.path(&request);
        client.page(&path).assert_says("Send and fulfil");
        let form = reply(&client, &path)
            .add("resolution_code", "fixed")
            .add("resolution_text", "Delivered.");
        client.send(&form).expect(303);
        assert_eq!(app.record(request.id).state, "fulfilled");
        let texts = app.database.lines("SELECT text AS line FROM resolutions");
        assert_eq!(texts, ["Delivered."]);
        let done = client.page(&path);
        assert!(!done.text().contains("Send and fulfil"));
    });
}

#[test]
fn news_keeps_reply_and_resolution_together() {
    each_database(|app| {
        let desk = app.desk();
        let path = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let colleague = app.visit(&desk.colleague);
        let mine = reply(&client, &path)
            .add("resolution_code", "fixed")
            .add("resolution_text", "Toner.");
        let theirs = colleague.page(&path).form("/entries");
        let theirs = theirs
            .set("audience", "note")
            .set("body", "Wait, it smokes");
        colleague.send(&theirs).expect(303);
        let page = client.send(&mine).expect(409);
        page.assert_says("Wait, it smokes");
        let back = page.form("/entries");
        assert_eq!(back.value("resolution_code"), Some("fixed"));
        assert_eq!(back.value("resolution_text"), Some("Toner."));
        assert_eq!(app.count("SELECT count(*) FROM resolutions"), 0);
        client.send(&back.add("do", "resolve")).expect(303);
        assert_eq!(app.count("SELECT count(*) FROM resolutions"), 1);
    });
}

#[test]
fn an_internal_note_resolves_nothing_and_a_typed_resolution_is_not_dropped() {
    each_database(|app| {
        let desk = app.desk();
        let path = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let note = reply(&client, &path)
            .set("audience", "note")
            .add("resolution_code", "fixed");
        let back = client.send(&note).expect(422);
        assert_eq!(back.form("/entries").value("body"), note.value("body"));
        let unsure = reply(&client, &path)
            .without("do")
            .add("resolution_code", "fixed")
            .add("resolution_text", "Toner.");
        let back = client.send(&unsure).expect(422);
        assert_eq!(
            back.form("/entries").value("resolution_text"),
            Some("Toner.")
        );
        assert_eq!(app.count("SELECT count(*) FROM entries"), 0);
        assert_eq!(app.count("SELECT count(*) FROM resolutions"), 0);
    });
}

#[test]
fn a_records_page_counts_its_parts_and_says_who_logged_it() {
    each_database(|app| {
        let desk = app.desk();
        let path = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        for (audience, times) in [("public", 2), ("note", 53)] {
            for n in 0..times {
                let form = client.page(&path).form("/entries");
                let form = form
                    .set("audience", audience)
                    .set("body", &format!("No {n}"));
                client.send(&form).expect(303);
            }
            // Few are counted from what is shown, many are asked for.
            let notes = if audience == "note" { 53 } else { 0 };
            let page = client.page(&path);
            page.assert_says("Replies 2");
            page.assert_says(&format!("Notes {notes}"));
            page.assert_says(&format!("Conversation {}", 3 + notes));
            page.assert_says(&format!("History {}", 3 + notes));
        }
        let oldest = client.page(&format!("{path}?tab=replies"));
        oldest.assert_says(&format!("Phone, logged by {}", desk.agent.name));
        // The views stand beside the record as beside the queue.
        client.page(&path).assert_says("Assigned to me");
    });
}

/// An offer that was declined is still an offer when the form comes back.
#[test]
fn a_recurrence_that_was_unchecked_stays_offered() {
    each_database(|app| {
        let desk = app.desk();
        incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let form = client
            .page("/calls/new?recurrence_of=INC-1")
            .form("/calls")
            .set("title", "");
        assert_eq!(form.value("recurrence_of"), Some("INC-1"));
        let page = client.send(&form.without("recurrence_of")).expect(422);
        page.assert_says("INC-1");
        let back = page.form("/calls");
        assert_eq!(back.value("recurrence_of"), None);
        let saved = client.send(&back.clone().set("title", "Not the same").add("do", "save"));
        saved.expect(303);
        assert_eq!(app.count("SELECT count(*) FROM links"), 0);
        // Checked again after all.
        let anew = client.page("/calls/new?recurrence_of=INC-1").form("/calls");
        let page = client.send(&anew.without("recurrence_of").set("title", ""));
        let again = page.expect(422).form("/calls").set("title", "The same");
        let again = again.add("recurrence_of", "INC-1").add("do", "save");
        client.send(&again).expect(303);
        assert_eq!(app.count("SELECT count(*) FROM links"), 1);
    });
}
