//! What a call begins with: a team that works, and the levels an administrator chose.

use andon::people::Team;
use andon::platform::db::Id;
use andon::records::actions::{Proposed, propose_team};
use andon::schema::{categories, teams};
use andon::services;
use diesel::prelude::*;

use crate::app::{App, LogCall, each_database};

fn switch_off(app: &App, team: Id<Team>) {
    let now = app.now();
    app.write(|w| {
        diesel::update(teams::table.find(team))
            .set(teams::disabled_at.eq(now))
            .execute(&mut **w)?;
        Ok(())
    });
}

#[test]
fn a_team_that_is_switched_off_is_never_proposed() {
    each_database(|app| {
        let desk = app.desk();
        let lines = app.write(|w| {
            let id = Id::<Team>::new();
            diesel::insert_into(teams::table)
                .values((
                    teams::id.eq(id),
                    teams::name.eq("Printers"),
                    teams::name_key.eq("printers"),
                    teams::version.eq(1),
                ))
                .execute(&mut **w)?;
            diesel::update(categories::table.find(desk.printing))
                .set(categories::team_id.eq(id))
                .execute(&mut **w)?;
            Ok(id)
        });
        let proposed = || app.read(|r| propose_team(r, Some(desk.printing), Some(desk.mail)));
        assert_eq!(proposed(), Some((lines, Proposed::ByCategory)));
        switch_off(&app, lines);
        assert_eq!(proposed(), Some((desk.network, Proposed::ByService)));
        switch_off(&app, desk.network);
        assert_eq!(proposed(), Some((desk.desk, Proposed::ByDesk)));
        switch_off(&app, desk.desk);
        assert_eq!(proposed(), None);
        app.write(|w| services::set_setting(w, "desk_team", &Id::<Team>::new().to_string()));
        assert_eq!(proposed(), None, "a team that is not there");
    });
}

#[test]
fn an_administrator_chooses_what_a_call_begins_with() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.administrator);
        let begins = || {
            let form = app.visit(&desk.agent).page("/calls/new").form("/calls");
            form.value("matrix").map(str::to_owned)
        };
        assert_eq!(begins().as_deref(), Some("2-2"));
        let form = client.page("/settings/general").form("/settings/general");
        let bad = client.send(&form.clone().set("default_impact", "9"));
        assert_eq!(bad.status, 422);
        let chosen = form.set("default_impact", "1").set("default_urgency", "3");
        client.send(&chosen).expect(303);
        assert_eq!(begins().as_deref(), Some("1-3"));
        let again = client.page("/settings/general").form("/settings/general");
        assert_eq!(again.value("default_urgency"), Some("3"));
        let facts = "SELECT count(*) FROM facts WHERE name = 'setting.general_changed'";
        assert_eq!(app.count(facts), 1);
        client
            .send(&again.set("default_impact", "").set("default_urgency", ""))
            .expect(303);
        assert_eq!(begins().as_deref(), Some("2-2"));
        assert_eq!(app.count(facts), 2);
    });
}

#[test]
fn records_without_a_team_are_a_filter_of_page_and_file() {
    each_database(|app| {
        let desk = app.desk();
        app.log(
            &desk.agent,
            &LogCall::incident("The one with a team").from(&desk.requester),
        );
        switch_off(&app, desk.desk);
        let call = LogCall {
            team: None,
            ..LogCall::incident("The one without").from(&desk.requester)
        };
        app.log(&desk.agent, &call);
        let client = app.visit(&desk.agent);
        let panel = client.page("/queue/filters?view=open");
        let form = panel.form("/queue").set("team", "none");
        let url = format!("/queue?view=open&team={}", form.value("team").unwrap());
        for show in ["", "&show=all"] {
            for sort in ["priority", "opened", "updated", "number"] {
                let url = format!("{url}{show}&sort={sort}");
                let page = client.page(&url);
                page.assert_says("The one without");
                page.assert_says("No team");
                assert!(!page.text().contains("The one with a team"));
                let file = client.get(&url.replace("/queue", "/queue.csv")).html();
                assert!(file.contains("The one without") && !file.contains("with a team"));
            }
        }
    });
}
