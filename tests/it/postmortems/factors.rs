//! A kind of factor, or a factor itself, that goes while somebody uses it: said, and nothing lost.

use super::{FIRST, postmortem};
use crate::app::{App, Desk, FilledForm, Page, each_database};
use crate::instants::verified;

const PATH: &str = "/postmortems/PM-1/factors";

/// An administrator takes a kind out of the vocabulary, or brings it back.
fn offered(app: &App, desk: &Desk, code: &str, is: bool) {
    let admin = app.visit(&desk.administrator);
    let path = format!("/settings/codes/factor/{code}");
    let form = admin.page(&path).form(&path);
    let form = match is {
        true => form.without("disabled"),
        false => form.set("disabled", "on"),
    };
    admin.send(&form).expect(303);
}

fn told(form: FilledForm, code: &str, text: &str) -> FilledForm {
    form.set("factor_code", code)
        .set("factor_text", text)
        .set("factor_evidence", "The log of that night")
}

/// The form of the only factor there is with a kind like this.
fn own(page: &Page, code: &str) -> FilledForm {
    let mut forms = page.forms().into_iter();
    let is = |form: &FilledForm| {
        form.action.contains("/factors/") && form.value("factor_code") == Some(code)
    };
    forms.find(is).expect("a factor of the kind")
}

/// In how many forms of a page a kind can be chosen.
fn choices(page: &Page, code: &str) -> usize {
    let option = format!("<option value=\"{code}\"");
    page.html().matches(&option).count()
}

#[test]
fn a_kind_that_is_no_longer_offered_stays_where_it_was_chosen() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let client = app.visit(&desk.agent);
        let add = || client.page(PATH).form(PATH);
        client
            .send(&told(add(), "process", "Nobody watched it"))
            .expect(303);
        // Two forms are open while the kind goes.
        let late = told(add(), "process", "Nor the second one");
        let page = client.page(PATH);
        let open = own(&page, "process");
        assert_eq!(choices(&page, "process"), 2);
        offered(&app, &desk, "process", false);
        let refused = client.send(&late).expect(422);
        refused.assert_says("Choose");
        let back = refused.form(PATH);
        assert_eq!(back.value("factor_text"), Some("Nor the second one"));
        let evidence = back.value("factor_evidence");
        assert_eq!(evidence, Some("The log of that night"));
        // Only where it was chosen.
        assert_eq!(choices(&refused, "process"), 1);
        // With another kind it is saved.
        client
            .send(&back.set("factor_code", "capacity"))
            .expect(303);
        // What has the kind keeps it, also when its words change.
        let open = open.set("factor_text", "Nobody watched it at night");
        client.send(&open).expect(303);
        let page = client.page(PATH);
        page.assert_says("Nobody watched it at night");
        page.assert_says("Process");
        own(&page, "process");
        let page = client.page("/postmortems/PM-1");
        page.assert_says("Process");
        page.assert_says("Nor the second one");
        // The library finds what has it.
        client
            .page("/postmortems?factor=process")
            .assert_says("PM-1");
        verified(&app);
        offered(&app, &desk, "process", true);
        client.send(&told(add(), "process", "A third")).expect(303);
        verified(&app);
    });
}

#[test]
fn a_factor_that_somebody_takes_off_while_another_writes_it() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        crate::problems::factor(&app, &desk.agent, FIRST, "process");
        let (one, two) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let mine = own(&one.page(PATH), "process");
        let mine = mine.set("factor_text", "Nobody watched it at night");
        let mut gone = own(&two.page(PATH), "process");
        gone.action.push_str("/removal");
        two.send(&gone).expect(303);
        let said = one.send(&mine).expect(409);
        said.assert_says("Somebody took this factor away meanwhile");
        // Every character comes back, ready to be added anew.
        let again = said.form(PATH);
        assert_eq!(
            again.value("factor_text"),
            Some("Nobody watched it at night")
        );
        one.send(&again).expect(303);
        let page = one.page("/postmortems/PM-1");
        page.assert_says("Nobody watched it at night");
        // The history keeps the one that went.
        one.page("/postmortems/PM-1?tab=history")
            .assert_says("Something of the kind process");
        verified(&app);
    });
}
