//! Standard changes, from the proposal to the end of one made from it.

use andon::changes::{self, ChangeType, Outcome, PlanForm, Raise};
use andon::people::meanwhile::Edit;
use time::Duration;

use super::{
    finish, plan, scheduled, start, successful, template, tomorrow, try_raise, why, written_up,
};
use crate::app::each_database;
use crate::instants::verified;

#[test]
fn a_standard_change_goes_from_its_template_to_its_end() {
    each_database(|app| {
        let desk = app.desk();
        let change = scheduled(&app, &desk, "Certificates of the mail gateway", 2, 4);
        let number = change.number();
        assert_eq!(change.state, "scheduled");
        assert_eq!(why(start(&app, &desk, number)), "change-start-outside");
        app.travel(Duration::hours(3));
        assert_eq!(start(&app, &desk, number).unwrap().state, "implementing");
        assert_eq!(why(start(&app, &desk, number)), "move-not-possible");
        let edit = Edit {
            seen: PlanForm::default(),
            asked: PlanForm::default(),
        };
        let edited = app.act(&desk.agent, |w, v, ctx| {
            changes::edit_plan(w, v, ctx, number, &edit)
        });
        assert_eq!(why(edited), "change-plan-stands");
        for text in ["Node two first", "Cache cleared by hand"] {
            app.act(&desk.colleague, |w, v, ctx| {
                changes::deviate(w, v, ctx, number, text)
            })
            .unwrap();
        }
        assert_eq!(finish(&app, &desk, number).state, "review");
        let closed = app.act(&desk.agent, |w, v, ctx| changes::close(w, v, ctx, number));
        assert_eq!(why(closed), "forbidden");
        app.act(&desk.manager, |w, v, ctx| changes::close(w, v, ctx, number))
            .unwrap();
        let page = app.visit(&desk.agent).page(&number.path());
        page.assert_says("Cache cleared by hand");
        page.assert_says("Successful");
        verified(&app);
    });
}

#[test]
fn nobody_authorises_their_own_proposal_and_a_withdrawn_one_carries_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let from = successful(&app, &desk, "Rotate certificates");
        let propose = |who| {
            app.act(who, |w, v, ctx| {
                changes::propose_template(w, v, ctx, from.number(), "Certificates")
            })
            .unwrap()
        };
        let (one, two) = (propose(&desk.manager), propose(&desk.agent));
        assert_eq!((one.version, two.version), (1, 2));
        let authorise =
            |who, id| app.act(who, |w, v, ctx| changes::authorise_template(w, v, ctx, id));
        assert_eq!(
            why(authorise(&desk.manager, one.id)),
            "change-template-oneself"
        );
        assert_eq!(why(authorise(&desk.agent, two.id)), "forbidden");
        let made = |id| {
            let command = Raise {
                title: "From it".into(),
                template: Some(id),
                plan: plan(&app, &desk, ChangeType::Standard, 2, 4),
                ..Raise::default()
            };
            app.act(&desk.agent, |w, v, ctx| changes::raise(w, v, ctx, &command))
        };
        assert_eq!(why(made(two.id)), "change-template-withdrawn");
        authorise(&desk.manager, two.id).unwrap();
        let change = made(two.id).unwrap();
        app.act(&desk.manager, |w, v, ctx| {
            changes::withdraw_template(w, v, ctx, two.id)
        })
        .unwrap();
        let scheduled = app.act(&desk.agent, |w, v, ctx| {
            changes::schedule(w, v, ctx, change.number())
        });
        assert_eq!(why(scheduled), "change-template-withdrawn");
        verified(&app);
    });
}

#[test]
fn what_a_template_fixes_stays_and_nobody_calls_a_change_standard() {
    each_database(|app| {
        let desk = app.desk();
        let change = scheduled(&app, &desk, "Certificates", 2, 4);
        let client = app.visit(&desk.agent);
        let form = client
            .page(&format!("{}/plan", change.number().path()))
            .form("/plan");
        assert_eq!(form.value("implementation_plan"), None);
        // Smuggled in, it is not what the form has, and stays.
        let sent = client.post(
            &format!("{}/plan", change.number().path()),
            &[
                ("form_key", &uuid::Uuid::new_v4().to_string()),
                ("seen", form.value("seen").unwrap()),
                ("implementation_plan", "Format the disk"),
                ("change_services", &desk.mail.to_string()),
                ("window_starts_at", form.value("window_starts_at").unwrap()),
                ("window_ends_at", form.value("window_ends_at").unwrap()),
                ("implementer", &desk.colleague.id.to_string()),
            ],
        );
        sent.expect(303);
        let kept = "SELECT count(*) FROM changes WHERE implementation_plan LIKE 'Format%'";
        assert_eq!(app.count(kept), 0);
        let mut named = plan(&app, &desk, ChangeType::Standard, 2, 4);
        named.implementation_plan = "Anything".into();
        let raised = try_raise(&app, &desk.agent, "Trust me", named);
        assert_eq!(why(raised), "change-no-template");
        let _ = template(&app, &desk);
    });
}

/// Pitfall: one authorisation that becomes leave for anything.
#[test]
fn a_standard_change_touches_what_was_authorised_at_the_risk_it_was_authorised_with() {
    each_database(|app| {
        let desk = app.desk();
        let unproven = tomorrow(&app, &desk, "Never carried out").number();
        let proposed = app.act(&desk.agent, |w, v, ctx| {
            changes::propose_template(w, v, ctx, unproven, "Anything")
        });
        assert_eq!(why(proposed), "change-template-needs-success");
        let id = template(&app, &desk);
        let raised = |outage: &str| {
            let command = Raise {
                title: "Certificates".into(),
                template: Some(id),
                plan: PlanForm {
                    outage_minutes: outage.into(),
                    // Whatever is smuggled in, the template says what it touches.
                    change_services: String::new(),
                    ..plan(&app, &desk, ChangeType::Standard, 1, 12)
                },
                ..Raise::default()
            };
            app.act(&desk.agent, |w, v, ctx| changes::raise(w, v, ctx, &command))
                .unwrap()
                .number()
        };
        let schedule = |number| {
            app.act(&desk.agent, |w, v, ctx| {
                changes::schedule(w, v, ctx, number)
            })
        };
        let (small, long) = (raised(""), raised("600"));
        assert_eq!(app.count("SELECT count(*) FROM change_services"), 4);
        assert_eq!(schedule(small).unwrap().state, "scheduled");
        // It failed elsewhere meanwhile: the risk is above the one that was authorised.
        let mail = desk.mail.to_string();
        written_up(&app, &desk, "The former", &mail, "", Outcome::Failed);
        assert_eq!(why(schedule(long)), "change-template-riskier");
        app.travel(Duration::hours(2));
        assert_eq!(why(start(&app, &desk, small)), "change-template-riskier");
        verified(&app);
    });
}
