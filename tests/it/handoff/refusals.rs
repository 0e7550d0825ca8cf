//! Hand-offs that are refused: what is missing is said beside it, and nothing typed is lost.

use andon::platform::kernel::error::Error;
use andon::records::actions::{self, Resolve};

use super::*;
use crate::app::FilledForm;

/// What somebody could have typed.
const TEXT: &str = "Ünï <b>&amp;</b> \"quotes\" %41 +\r\n  indented\r\nlast";

/// A plain re-assignment was the way round the sentence: the form asks for it, and keeps everything.
#[test]
fn assigning_to_another_team_asks_for_the_sentence() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let page = client.page(&format!("{path}?edit=assignment"));
        page.assert_says("say in a sentence");
        let form = page
            .form_with("/assignment", "team")
            .set("team", &desk.network.to_string())
            .set("tried", TEXT);
        let refused = client.send(&form).expect(422);
        let kept = refused.form_with("/assignment", "team");
        assert_eq!(kept.value("team"), Some(desk.network.to_string().as_str()));
        assert_eq!(kept.value("tried"), Some(TEXT));
        assert!(refused.doc().by_id("wanted-e").is_some());
        assert!(refused.doc().by_id("tried-e").is_none());
        assert_eq!(app.record(record.id).team_id, Some(desk.desk));
        let page = client.follow(&client.send(&kept.set("wanted", "A look")).expect(303));
        page.assert_says("Handed off.");
        let now = app.record(record.id);
        assert_eq!(
            (now.team_id, now.assignee_id, now.handoffs),
            (Some(desk.network), None, 1)
        );
        // Somebody there may be named at once.
        let form = client
            .page(&format!("{path}?edit=assignment"))
            .form_with("/assignment", "team")
            .set("team", &desk.desk.to_string())
            .set("assignee", &desk.manager.id.to_string())
            .set("tried", "This")
            .set("wanted", "That");
        client.send(&form).expect(303);
        let now = app.record(record.id);
        assert_eq!((now.assignee_id, now.handoffs), (Some(desk.manager.id), 2));
        // A sentence without another team goes nowhere, and is not dropped.
        let form = client
            .page(&format!("{path}?edit=assignment"))
            .form_with("/assignment", "team")
            .set("tried", "This");
        let refused = client.send(&form).expect(422);
        refused.assert_says("Choose the team it goes to.");
        let kept = refused.form_with("/assignment", "team");
        assert_eq!(kept.value("tried"), Some("This"));
        verified(&app);
    });
}

/// Taking the team away and giving another one would be a hand-off in two steps without a word.
#[test]
fn a_team_that_worked_on_it_is_not_simply_taken_away() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let refused = post(&client, &format!("{path}/assignment"), &[("team", "")]).expect(422);
        refused.assert_says("hand it to another team");
        assert_eq!(app.record(record.id).team_id, Some(desk.desk));
    });
}

#[test]
fn what_is_missing_or_too_long_is_said_beside_it() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let fresh = || client.page(&format!("{path}/handoff")).form("/handoff");
        let network = desk.network.to_string();
        let own = desk.desk.to_string();
        let nobody = Id::<Team>::new().to_string();
        let long = "é".repeat(2_001);
        let most = "é".repeat(2_000);
        for (team, tried, wanted, wrong) in [
            ("", TEXT, TEXT, vec!["team"]),
            (network.as_str(), "", TEXT, vec!["tried"]),
            (network.as_str(), TEXT, " \r\n", vec!["wanted"]),
            (network.as_str(), "", "", vec!["tried", "wanted"]),
            (own.as_str(), TEXT, TEXT, vec!["team"]),
            (nobody.as_str(), TEXT, TEXT, vec!["team"]),
            ("nonsense", TEXT, TEXT, vec!["team"]),
            (network.as_str(), &long, TEXT, vec!["tried"]),
        ] {
            let form = fresh()
                .set("team", team)
                .set("tried", tried)
                .set("wanted", wanted);
            let refused = client.send(&form).expect(422);
            for field in ["team", "tried", "wanted"] {
                let said = refused.doc().by_id(&format!("{field}-e")).is_some();
                assert_eq!(said, wrong.contains(&field), "{field}: {}", refused.text());
            }
            let back = refused.form("/handoff");
            assert_eq!(back.value("tried"), Some(tried));
            assert_eq!(back.value("wanted"), Some(wanted));
        }
        assert_eq!(app.count("SELECT count(*) FROM handoffs"), 0);
        let form = fresh()
            .set("team", &network)
            .set("tried", &most)
            .set("wanted", &most);
        client.send(&form).expect(303);
        assert_eq!(app.record(record.id).handoffs, 1);
        verified(&app);
    });
}

fn filled(client: &Client, path: &str, team: Id<Team>) -> FilledForm {
    client
        .page(&format!("{path}/handoff"))
        .form("/handoff")
        .set("team", &team.to_string())
        .set("tried", TEXT)
        .set("wanted", "A look")
}

#[test]
fn a_record_that_ended_meanwhile_gives_the_sentence_back() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let page = filled(&client, &path, desk.network);
        let panel = client
            .page(&format!("{path}?edit=assignment"))
            .form_with("/assignment", "team")
            .set("team", &desk.network.to_string())
            .set("tried", TEXT)
            .set("wanted", "A look");
        let done = Resolve {
            code: "fixed".into(),
            text: "Done".into(),
        };
        let practice = practice_of(Kind::Incident);
        app.act(&desk.colleague, |w, v, ctx| {
            actions::resolve(w, v, ctx, practice, record.number(), &done)
        })
        .unwrap();
        for form in [page, panel] {
            let refused = client.send(&form).expect(409);
            refused.assert_says("no longer open");
            assert_eq!(refused.form("/handoff").value("tried"), Some(TEXT));
        }
        assert_eq!(app.count("SELECT count(*) FROM handoffs"), 0);
        client.get(&format!("{path}/handoff")).expect(409);
    });
}

#[test]
fn a_record_without_a_team_is_assigned_not_handed_off() {
    each_database(|app| {
        let desk = app.desk();
        app.write(|w| {
            use andon::schema::settings;
            use diesel::prelude::*;
            diesel::delete(settings::table).execute(&mut **w)?;
            Ok(())
        });
        let record = app.log(&desk.agent, &LogCall::incident("Nobody's"));
        let refused = hand(&app, &desk.agent, &record, desk.network);
        assert!(matches!(refused, Err(Error::Refused(m)) if m.key == "handoff-no-team"));
        assert!(back(&app, &desk.manager, &record).is_err());
    });
}

#[test]
fn two_hand_offs_at_once_give_a_choice() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let servers = app.write(|w| {
            use andon::schema::teams;
            use diesel::prelude::*;
            let id = Id::<Team>::new();
            diesel::insert_into(teams::table)
                .values((
                    teams::id.eq(id),
                    teams::name.eq("Servers"),
                    teams::name_key.eq("servers"),
                    teams::version.eq(1),
                ))
                .execute(&mut **w)?;
            Ok(id)
        });
        let (client, colleague) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let mine = filled(&client, &path, desk.network);
        let theirs = filled(&colleague, &path, servers);
        colleague.send(&theirs).expect(303);
        let choice = client.send(&mine).expect(409);
        choice.assert_says("Servers");
        let form = choice.form("/handoff");
        assert_eq!(form.value("tried"), Some(TEXT));
        assert_eq!(app.record(record.id).team_id, Some(servers));
        // Theirs is kept: the form is there once more, with the sentence, for another team or none.
        let again = client
            .send(&form.clone().set("keep-team", "theirs"))
            .expect(422);
        assert_eq!(again.form("/handoff").value("tried"), Some(TEXT));
        client.send(&form.set("keep-team", "mine")).expect(303);
        let now = app.record(record.id);
        assert_eq!((now.team_id, now.handoffs), (Some(desk.network), 2));
        verified(&app);
    });
}

/// Handing off clears the person; not one who took it while the sentence was being written.
#[test]
fn who_took_it_meanwhile_is_not_passed_over() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let form = filled(&client, &path, desk.network);
        let taken = Assign {
            seen: i64::MAX,
            assignee: Some(Some(desk.manager.id)),
            ..Assign::default()
        };
        assign(&app, &desk.manager, &record, &taken).unwrap();
        let choice = client.send(&form).expect(409);
        choice.assert_says(&desk.manager.name);
        assert_eq!(app.record(record.id).handoffs, 0);
        let choice = choice.form("/handoff");
        client
            .send(&choice.set("keep-assignee", "theirs"))
            .expect(303);
        let now = app.record(record.id);
        assert_eq!(
            (now.team_id, now.assignee_id, now.handoffs),
            (Some(desk.network), Some(desk.manager.id), 1)
        );
        verified(&app);
    });
}

#[test]
fn only_the_team_that_has_it_sends_it_back_and_only_once() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        hand(&app, &desk.agent, &record, desk.network).unwrap();
        let client = app.visit(&desk.agent);
        client.get(&format!("{path}/handoff/return")).expect(403);
        let own = format!("{path}/handoff/return");
        post(&client, &own, &[("reason", "Mine after all")]).expect(403);
        let colleague = app.visit(&desk.colleague);
        let late = colleague.page(&own).form("/return").set("reason", TEXT);
        back(&app, &desk.manager, &record).unwrap();
        let refused = colleague.send(&late).expect(409);
        refused.assert_says("nobody to send it back to");
        assert_eq!(refused.form("/return").value("reason"), Some(TEXT));
        // Not to a team that was switched off since.
        hand(&app, &desk.agent, &record, desk.network).unwrap();
        let now = app.now();
        app.write(|w| {
            use andon::schema::teams;
            use diesel::prelude::*;
            diesel::update(teams::table.find(desk.desk))
                .set(teams::disabled_at.eq(now))
                .execute(&mut **w)?;
            Ok(())
        });
        let gone = back(&app, &desk.colleague, &record);
        assert!(matches!(gone, Err(Error::Refused(m)) if m.key == "handoff-team-gone"));
        assert_eq!(app.record(record.id).team_id, Some(desk.network));
    });
}
