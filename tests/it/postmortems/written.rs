//! Written together: versions, both texts of a conflict, wording that suggests, facts that are agreed
//! again.

use andon::platform::kernel::error::Error;
use andon::postmortems::rules::sections::Section;
use andon::postmortems::{self, SaveSection};

use super::{FIRST, people, postmortem, write};
use crate::app::each_database;
use crate::instants::verified;

const PATH: &str = "/postmortems/PM-1/sections/what_happened";

#[test]
fn two_write_one_section_and_both_are_shown() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let (ana, ben) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let text =
            "The gateways stopped.\n\nThe desk linked the calls.\n\nThe change was backed out.";
        write(&app, &desk.agent, FIRST, Section::WhatHappened, text);
        let (mine, theirs) = (ana.page(PATH).form(PATH), ben.page(PATH).form(PATH));
        let theirs = theirs.set("text", &text.replace("gateways", "two gateways"));
        ben.send(&theirs).expect(303);
        let mine = mine.set("text", &text.replace("backed out", "backed out at 10:41"));
        let met = ana.send(&mine).expect(409);
        met.assert_says("Somebody saved this section meanwhile");
        met.assert_says("Ben Okafor");
        // Both are there, whole, and one of both is proposed since they do not touch.
        met.assert_says("The two gateways stopped.");
        let own = met
            .forms()
            .into_iter()
            .filter(|form| form.action.ends_with(PATH))
            .find(|form| {
                !form
                    .value("text")
                    .unwrap_or_default()
                    .contains("two gateways")
            })
            .expect("mine");
        assert!(met.html().contains("backed out at 10:41"));
        let joined = met
            .forms()
            .into_iter()
            .filter(|form| form.action.ends_with(PATH))
            .find(|form| {
                form.value("text")
                    .is_some_and(|t| t.contains("two gateways") && t.contains("10:41"))
            })
            .expect("both as one");
        ana.send(&joined).expect(303);
        let page = ana.page("/postmortems/PM-1");
        page.assert_says("The two gateways stopped.");
        page.assert_says("backed out at 10:41");
        // Nothing was written by the refused save; every save is a version.
        assert_eq!(app.count("SELECT count(*) FROM postmortem_sections"), 3);
        // What stood on the conflict's page is stale by now: again both are shown.
        ana.send(&own.set("text", "Mine alone")).expect(409);
        verified(&app);
    });
}

#[test]
fn hits_never_block_and_a_dismissed_one_stays_dismissed() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let ana = app.visit(&desk.agent);
        let form = ana.page(PATH).form(PATH);
        let form = form.set(
            "text",
            "The implementer should have checked the memory.\n\n> We should have known.\n",
        );
        let saved = ana.send(&form).expect(303);
        let page = ana.follow(&saved);
        page.assert_says("This describes a day that did not happen.");
        let dismissal = page.form("/dismissals");
        ana.send(&dismissal)
            .expect(422)
            .assert_says("Say why it stays");
        ana.send(&dismissal.set("reason", "It quotes the runbook"))
            .expect(303);
        let page = ana.page(PATH);
        page.assert_says("Kept as written:");
        assert!(!page.has_form("/dismissals"));
        // It holds for the sentence wherever it stands.
        let form = page.form(PATH).set(
            "text",
            "It was a Saturday.\n\nThe implementer should have checked the memory.\n",
        );
        let saved = ana.send(&form).expect(303);
        assert_eq!(saved.location(), "/postmortems/PM-1#what_happened");
        verified(&app);
    });
}

/// No column and no report says how often somebody's words were asked about: the table of dismissals
/// knows who dismissed, and nothing knows a hit.
#[test]
fn nothing_counts_by_author() {
    each_database(|app| {
        let columns = match app.backend() {
            andon::platform::db::Backend::Sqlite => {
                "SELECT name AS line FROM pragma_table_info('wording_dismissals') ORDER BY 1"
            }
            andon::platform::db::Backend::Postgres => {
                "SELECT column_name::text AS line FROM information_schema.columns WHERE table_name = 'wording_dismissals' AND table_schema = current_schema() ORDER BY 1"
            }
        };
        let columns = app.database.lines(columns);
        let known = [
            "at",
            "by_id",
            "means",
            "reason",
            "record_id",
            "rule",
            "section",
        ];
        assert_eq!(columns, known);
        let hits = "SELECT count(*) FROM facts WHERE data LIKE '%hits%'";
        assert_eq!(app.count(hits), 0);
    });
}

#[test]
fn facts_are_agreed_by_those_who_were_there_and_again_after_a_change() {
    each_database(|app| {
        let desk = app.desk();
        let record = postmortem(&app, &desk);
        write(
            &app,
            &desk.agent,
            FIRST,
            Section::WhatHappened,
            "The gateways stopped.",
        );
        let there = [desk.agent.id, desk.colleague.id];
        people(&app, &desk.agent, FIRST, Some(desk.manager.id), &there).unwrap();
        let agree = |who: &crate::app::Human, yes: bool, said: &str| {
            app.act(who, |w, v, ctx| {
                postmortems::say_of_facts(w, v, ctx, FIRST, yes, said)
            })
        };
        let end = |why: Option<&str>| {
            app.act(&desk.agent, |w, v, ctx| {
                postmortems::agree_facts(w, v, ctx, FIRST, why)
            })
        };
        assert!(matches!(end(None), Err(Error::Refused(_))));
        // Who was not there says nothing of it.
        assert!(matches!(
            agree(&desk.manager, true, ""),
            Err(Error::Forbidden(_))
        ));
        agree(&desk.agent, true, "").unwrap();
        assert!(matches!(end(None), Err(Error::Refused(_))));
        assert!(matches!(
            agree(&desk.colleague, false, ""),
            Err(Error::Invalid(_))
        ));
        agree(&desk.colleague, false, "It was the second gateway").unwrap();
        assert!(matches!(end(Some("They are away")), Err(Error::Refused(_))));
        agree(&desk.colleague, true, "").unwrap();
        assert_eq!(end(None).unwrap().state, "facts_agreed");
        let page = app.visit(&desk.agent).page("/postmortems/PM-1/facts");
        page.assert_says("Agrees");
        // A changed fact takes it back, and both are asked again; other sections do not.
        write(&app, &desk.colleague, FIRST, Section::Luck, "A Saturday.");
        assert_eq!(app.record(record.id).state, "facts_agreed");
        write(&app, &desk.colleague, FIRST, Section::Impact, "14 stores.");
        assert_eq!(app.record(record.id).state, "draft");
        app.visit(&desk.agent)
            .page("/postmortems/PM-1/facts")
            .assert_says("Asked again");
        agree(&desk.agent, true, "").unwrap();
        // Whom nobody waits for any longer is said with a reason.
        assert!(matches!(end(Some("")), Err(Error::Invalid(_))));
        assert_eq!(
            end(Some("On leave until May")).unwrap().state,
            "facts_agreed"
        );
        verified(&app);
    });
}

#[test]
fn every_save_is_a_version_and_saving_nothing_is_none() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        write(&app, &desk.agent, FIRST, Section::Summary, "One.");
        write(&app, &desk.agent, FIRST, Section::Summary, "One.");
        write(&app, &desk.colleague, FIRST, Section::Summary, "Two.");
        assert_eq!(app.count("SELECT count(*) FROM postmortem_sections"), 2);
        let page = app
            .visit(&desk.agent)
            .page("/postmortems/PM-1/sections/summary");
        page.assert_says("Version 2");
        page.assert_says("Version 1");
        // A version that never was is no base.
        let odd = SaveSection {
            section: Section::Summary,
            base: 77,
            text: "Three".into(),
        };
        let outcome = app.act(&desk.agent, |w, v, ctx| {
            postmortems::save_section(w, v, ctx, FIRST, &odd)
        });
        assert!(matches!(outcome, Err(Error::Refused(_))));
        let other = "UPDATE postmortem_sections SET text = 'x' WHERE version = 2";
        let lines = crate::instants::tampered(&app, other);
        assert!(
            lines.iter().any(|line| line.contains("section_summary")),
            "{lines:#?}"
        );
        verified(&app);
    });
}
