//! Records name a service, an item and a location; a call proposes where the caller works.

use andon::records::actions::{self, HoldCommand};
use andon::records::{Kind, Record, find_visible};

use super::{Estate, assert_whole, estate};
use crate::app::{App, Client, Desk, LogCall, each_database};

fn log(client: &Client, desk: &Desk, more: &[(&str, &str)]) -> crate::app::Page {
    let form = client.page("/calls/new").form("/calls");
    let form = form
        .set("req", "rita")
        .add("person", &desk.requester.id.to_string())
        .set("title", "The till is dark")
        .add("do", "save");
    client.send(&more.iter().fold(form, |f, (n, v)| f.set(n, v)))
}

fn logged(app: &App, client: &Client, desk: &Desk, more: &[(&str, &str)]) -> Record {
    let page = log(client, desk, more).expect(303);
    let number = page.location().rsplit('/').next().unwrap().parse().unwrap();
    let all = andon::people::Visitor::command(app.now());
    app.read(|r| find_visible(r, &all, number))
}

#[test]
fn a_call_proposes_where_the_caller_works() {
    each_database(|app| {
        let desk = app.desk();
        let Estate { location, item, .. } = estate(&app, &desk);
        let client = app.visit(&desk.agent);
        let found = client.page("/calls/new/people?q=rita").text();
        for said in ["Store 114", "Northgate", "VIP"] {
            assert!(found.contains(said), "{said}: {found}");
        }
        let path = format!("/calls/new/preview?person={}", desk.requester.id);
        assert!(
            client
                .page(&path)
                .text()
                .contains("Store 114 (where they work)")
        );
        // Untouched, it is theirs; the item by the beginning of its name.
        let record = logged(&app, &client, &desk, &[("item", "till-01")]);
        assert_eq!(record.location_id, Some(location));
        assert_eq!(record.item_id, Some(item));
        let nowhere = logged(&app, &client, &desk, &[("location", "none")]);
        assert_eq!((nowhere.location_id, nowhere.item_id), (None, None));
        // What was the requester's organisation then, is kept with the first fact.
        let facts = app
            .database
            .lines("SELECT data AS line FROM facts WHERE name = 'incident.created'");
        assert!(
            facts.iter().all(|f| f.contains("requester_organisation")),
            "{facts:?}"
        );
        // An item nobody knows comes back with every character.
        let again = log(&client, &desk, &[("item", "TOASTER")]).expect(422);
        again.assert_says("There is no configuration item whose name begins with");
        assert_eq!(again.form("/calls").value("item"), Some("TOASTER"));
        let page = client.page(&app.path(&record));
        for said in ["VIP", "Store 114 · Northgate", "TILL-0114-06"] {
            page.assert_says(said);
        }
        assert_whole(&app);
    });
}

#[test]
fn item_and_location_are_edited_in_place_filtered_and_exported() {
    each_database(|app| {
        let desk = app.desk();
        let Estate { location, item, .. } = estate(&app, &desk);
        let record = app.log(&desk.agent, &LogCall::incident("Dark till"));
        app.log(&desk.agent, &LogCall::incident("Something else"));
        let client = app.visit(&desk.agent);
        let path = app.path(&record);
        let fields = format!("{path}/fields");
        for (panel, value) in [
            ("item", "TILL-0114-06"),
            ("location", &location.to_string()),
        ] {
            let form = client.page(&format!("{path}?edit={panel}")).form(&fields);
            client.send(&form.set(panel, value)).expect(303);
        }
        let form = client.page(&format!("{path}?edit=item")).form(&fields);
        assert_eq!(form.value("item"), Some("TILL-0114-06"));
        let again = client
            .send(&form.clone().set("item", "TOASTER"))
            .expect(422);
        assert_eq!(again.form(&fields).value("item"), Some("TOASTER"));
        // Somebody else chose another one meanwhile.
        let stale = form.set("item", "");
        let other = client.page(&format!("{path}?edit=item")).form(&fields);
        app.visit(&desk.colleague)
            .send(&other.set("item", "SRV-DB-01"))
            .expect(303);
        let conflict = client.send(&stale).expect(409);
        conflict.assert_says("SRV-DB-01");
        let mine = client.page(&format!("{path}?edit=item")).form(&fields);
        client.send(&mine.set("item", "TILL-0114-06")).expect(303);
        let history = client.page(&format!("{path}?tab=history"));
        for said in [
            "Configuration item",
            "Location",
            "TILL-0114-06",
            "Store 114",
        ] {
            history.assert_says(said);
        }
        for filter in [format!("item={item}"), format!("location={location}")] {
            let queue = client.page(&format!("/queue?view=open&{filter}"));
            queue.assert_says("Dark till");
            assert!(!queue.text().contains("Something else"), "{filter}");
            let csv = client
                .page(&format!("/queue.csv?view=open&{filter}"))
                .html();
            assert!(
                csv.lines()
                    .next()
                    .unwrap()
                    .contains(",category,item,location,affected,contacts,chased,former_numbers,")
            );
            assert!(csv.contains(",TILL-0114-06,Store 114"), "{csv}");
        }
        let nothing = client.page("/queue?view=open&item=shoe");
        nothing.assert_says("item=shoe");
        assert_whole(&app);
    });
}

#[test]
fn a_hold_names_a_supplier_of_the_list_or_any_other() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        let practice = andon::follow::practice_of(Kind::Incident);
        for (typed, id, shown) in [
            ("payline ", Some(estate.supplier), "Payline"),
            ("Ice & Co.", None, "Ice & Co."),
        ] {
            let record = app.log(&desk.agent, &LogCall::incident("Dark till"));
            let path = app.path(&record);
            let client = app.visit(&desk.agent);
            let page = client.page(&format!("{path}/hold"));
            assert!(page.html().contains("<option value=\"Payline\">"));
            let form = page
                .form(&format!("{path}/hold"))
                .set("hold_reason", "supplier")
                .set("supplier", typed)
                .set("supplier_case", "77-1");
            client.send(&form).expect(303);
            let hold = app.read(|r| andon::records::hold_of(r, record.id)).unwrap();
            assert_eq!((hold.supplier_id, hold.supplier.as_str()), (id, shown));
            client.page(&path).assert_says(shown);
            client
                .page(&format!("{path}?tab=history"))
                .assert_says(shown);
        }
        // One that was switched off is a name like any other.
        let path = format!("/settings/suppliers/{}", estate.supplier);
        let administrator = app.visit(&desk.administrator);
        let off = administrator.page(&path).form(&path).add("disabled", "on");
        administrator.send(&off).expect(303);
        let record = app.log(&desk.agent, &LogCall::incident("Dark till"));
        let command = HoldCommand {
            reason: "supplier".into(),
            supplier: "Payline".into(),
            supplier_case: "77-2".into(),
            ..HoldCommand::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::hold(w, v, ctx, practice, record.number(), &command)
        })
        .unwrap();
        let hold = app.read(|r| andon::records::hold_of(r, record.id)).unwrap();
        assert_eq!(hold.supplier_id, None);
        assert_whole(&app);
    });
}
