//! Who somebody is: signing in, sessions and their ends, one-time links, rights that change.

use andon::people::Roles;
use andon::people::actions::{self as people, By};
use andon::platform::kernel::ctx::{Ctx, Door};
use time::Duration;

use crate::app::{App, Client, Human, Page, each_database, each_database_with};

const PASSWORD: &str = "quiet otters paint 7 fences";
const WRONG: &str = "loud otters paint 7 fences";

/// The answer to a mail address and a password typed into the sign-in page.
fn try_to_sign_in(client: &Client, mail: &str, password: &str) -> Page {
    let form = client.page("/login").form("/login");
    client.send(&form.set("mail", mail).set("password", password))
}

fn sign_in(app: &App, person: &Human) -> Client {
    let client = app.anonymous();
    let answer = try_to_sign_in(&client, &person.mail, PASSWORD);
    assert_eq!(answer.location(), "/");
    client
}

fn is_signed_in(client: &Client) -> bool {
    let answer = client.get("/preferences");
    match answer.status {
        200 => true,
        303 => {
            assert_eq!(answer.location(), "/login?next=%2Fpreferences");
            false
        }
        other => panic!("{other}: {}", answer.text()),
    }
}

fn set_cookie(page: &Page, name: &str) -> String {
    page.headers
        .iter()
        .find(|(n, v)| n == "set-cookie" && v.starts_with(&format!("{name}=")))
        .map(|(_, v)| v.clone())
        .unwrap_or_else(|| panic!("no cookie {name}: {:?}", page.headers))
}

#[test]
fn a_person_signs_in_and_out() {
    each_database(|app| {
        let desk = app.desk();
        app.set_password(&desk.agent, PASSWORD);
        let client = app.anonymous();
        assert_eq!(client.get("/queue").location(), "/login?next=%2Fqueue");
        let form = client
            .page("/login?next=%2Fqueue%3Fview%3Dopen")
            .form("/login");
        // Capitals and blanks around an address are how people type.
        let answer = client.send(
            &form
                .set("mail", " ANA.Lima@example.org ")
                .set("password", PASSWORD),
        );
        assert_eq!(answer.location(), "/queue?view=open");
        let cookie = set_cookie(&answer, "andon");
        for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        for attribute in ["Secure", "Domain", "Max-Age", "Expires"] {
            assert!(!cookie.contains(attribute), "{cookie}");
        }
        assert!(is_signed_in(&client));
        // Whoever is signed in needs no sign-in page.
        assert_eq!(client.get("/login").location(), "/");

        let token = client.cookie("andon").unwrap();
        let out = client.post("/logout", &[]);
        assert_eq!(out.location(), "/login");
        assert_eq!(client.cookie("andon"), None);
        assert!(out.header("clear-site-data").unwrap().contains("cookies"));
        // The token itself is worthless from now on.
        client.set_cookie("andon", &token);
        assert!(!is_signed_in(&client));
        // The database never held it.
        let held = app.database.lines(match app.backend() {
            andon::platform::db::Backend::Sqlite => {
                "SELECT lower(hex(token_hash)) AS line FROM sessions"
            }
            andon::platform::db::Backend::Postgres => {
                "SELECT encode(token_hash, 'hex') AS line FROM sessions"
            }
        });
        assert!(held.iter().all(|hash| !hash.contains(&token)));
    });
}

#[test]
fn behind_https_the_cookie_is_held_to_this_host() {
    each_database_with(
        |serve| serve.public_url = Some("https://desk.example.org".into()),
        |app| {
            let desk = app.desk();
            app.set_password(&desk.agent, PASSWORD);
            let client = app.anonymous();
            let answer = try_to_sign_in(&client, &desk.agent.mail, PASSWORD);
            let cookie = set_cookie(&answer, "__Host-andon");
            for attribute in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
            assert!(is_signed_in(&client));
            // The plain name is nobody's.
            let token = client.cookie("__Host-andon").unwrap();
            let other = app.anonymous();
            other.set_cookie("andon", &token);
            assert!(!is_signed_in(&other));
            let page = client.page("/preferences");
            let hsts = page.header("strict-transport-security").unwrap();
            assert!(hsts.starts_with("max-age=31536000"), "{hsts}");
        },
    );
}

#[test]
fn unknown_disabled_and_mistyped_are_told_the_same() {
    each_database(|app| {
        let desk = app.desk();
        for person in [&desk.agent, &desk.disabled] {
            app.set_password(person, PASSWORD);
        }
        let tries = [
            (desk.agent.mail.as_str(), WRONG),
            ("nobody.at.all@example.org", PASSWORD),
            (desk.disabled.mail.as_str(), PASSWORD),
            // Somebody who has no password yet.
            (desk.requester.mail.as_str(), PASSWORD),
            (desk.agent.mail.as_str(), ""),
        ];
        let answers: Vec<String> = tries
            .iter()
            .map(|(mail, password)| {
                let page = try_to_sign_in(&app.anonymous(), mail, password).expect(422);
                assert!(!page.headers.iter().any(|(n, _)| n == "set-cookie"));
                assert!(page.html().contains(mail), "the address comes back");
                assert!(!page.html().contains(WRONG) && !page.html().contains(PASSWORD));
                page.html().replace(mail, "MAIL")
            })
            .collect();
        assert!(answers.iter().all(|a| *a == answers[0]), "{answers:#?}");
        let empty = try_to_sign_in(&app.anonymous(), "", "").expect(422);
        assert_eq!(
            empty.text(),
            Page {
                body: answers[0].clone().into_bytes(),
                ..empty.clone()
            }
            .text()
        );
    });
}

/// A hundred wrong passwords from one address; the right one still works from another.
#[test]
fn guessing_is_slowed_down_and_locks_nobody_out() {
    each_database_with(
        |serve| serve.trusted_proxies = Some("127.0.0.1".into()),
        |app| {
            let desk = app.desk();
            app.set_password(&desk.agent, PASSWORD);
            let from = |address: &str, password: &str| {
                app.anonymous().post_with(
                    "/login",
                    &[("mail", &desk.agent.mail), ("password", password)],
                    &[
                        ("Sec-Fetch-Site", "same-origin"),
                        ("X-Forwarded-For", address),
                    ],
                )
            };
            let answers: Vec<Page> = (0..100).map(|_| from("203.0.113.9", WRONG)).collect();
            let wrong: Vec<&Page> = answers.iter().filter(|a| a.status == 422).collect();
            let waits: Vec<&Page> = answers.iter().filter(|a| a.status == 429).collect();
            assert_eq!(wrong.len() + waits.len(), 100);
            assert!(wrong.len() <= 10, "{} tries were let through", wrong.len());
            // How many are left is said nowhere: every wrong try is answered alike, so is every wait.
            assert!(wrong.iter().all(|a| a.body == wrong[0].body));
            assert!(waits.iter().all(|a| a.text() == waits[0].text()));
            assert!(
                waits[0]
                    .header("retry-after")
                    .unwrap()
                    .parse::<u32>()
                    .unwrap()
                    > 0
            );
            // The right password is no way to find out that it was right.
            let right = from("203.0.113.9", PASSWORD);
            assert_eq!((right.status, right.text()), (429, waits[0].text()));
            // Elsewhere it works, and after a while here too.
            assert_eq!(from("198.51.100.7", PASSWORD).location(), "/");
            app.travel(Duration::minutes(16));
            assert_eq!(from("203.0.113.9", PASSWORD).location(), "/");
        },
    );
}

#[test]
fn a_forged_forwarded_address_is_not_believed() {
    each_database(|app| {
        let desk = app.desk();
        app.set_password(&desk.agent, PASSWORD);
        let waits = (0..30)
            .map(|n| {
                app.anonymous().post_with(
                    "/login",
                    &[("mail", &desk.agent.mail), ("password", WRONG)],
                    &[
                        ("Sec-Fetch-Site", "same-origin"),
                        ("X-Forwarded-For", &format!("203.0.113.{n}")),
                    ],
                )
            })
            .filter(|a| a.status == 429)
            .count();
        assert!(
            waits >= 20,
            "a header nobody trusts gave {} tries",
            30 - waits
        );
    });
}

#[test]
fn a_session_ends_when_idle_and_at_its_absolute_end() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        assert!(is_signed_in(&client));
        // Used every 50 minutes it lives on, though the database hears of it later.
        for _ in 0..3 {
            app.travel(Duration::minutes(50));
            assert!(is_signed_in(&client));
        }
        app.travel(Duration::minutes(61));
        assert!(!is_signed_in(&client), "idle for more than an hour");

        let client = app.visit(&desk.agent);
        for time in 1..=26 {
            app.travel(Duration::minutes(55));
            assert!(is_signed_in(&client), "after {time} × 55 minutes");
        }
        app.travel(Duration::minutes(15));
        assert!(!is_signed_in(&client), "a day is over");
    });
}

#[test]
fn the_last_use_of_a_session_survives_the_process() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        app.travel(Duration::minutes(40));
        assert!(is_signed_in(&client));
        let site = app.site.clone();
        actix_web::rt::System::new()
            .block_on(andon::app::flush(&site))
            .unwrap();
        // Whatever was in memory is gone; the row knows.
        drop(app.site.seen.take());
        app.travel(Duration::minutes(40));
        assert!(is_signed_in(&client));
    });
}

#[test]
fn a_disabled_persons_sessions_end_at_once() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        assert!(is_signed_in(&client));
        app.act(&desk.administrator, |w, v, ctx| {
            people::set_person_enabled(w, By::Visitor(v), ctx, desk.agent.id, false)
        })
        .unwrap();
        assert!(!is_signed_in(&client));
        // Enabling somebody again does not bring an old session back.
        app.act(&desk.administrator, |w, v, ctx| {
            people::set_person_enabled(w, By::Visitor(v), ctx, desk.agent.id, true)
        })
        .unwrap();
        assert!(!is_signed_in(&client));
    });
}

#[test]
fn sessions_are_listed_and_revoked() {
    each_database(|app| {
        let desk = app.desk();
        let here = app.visit(&desk.agent);
        let there = app.visit(&desk.agent);
        let elsewhere = app.visit(&desk.agent);
        let stranger = app.visit(&desk.colleague);
        let page = here.page("/preferences");
        let ends: Vec<String> = page
            .doc()
            .forms()
            .into_iter()
            .map(|f| f.action)
            .filter(|a| a.starts_with("/preferences/sessions/") && !a.contains("/others/"))
            .collect();
        assert_eq!(ends.len(), 2, "this one cannot be revoked from itself");
        // Somebody else's session does not exist.
        assert_eq!(stranger.post(&ends[0], &[]).status, 404);
        here.post(&ends[0], &[]).expect(303);
        let live = [&there, &elsewhere].map(is_signed_in);
        assert_eq!(live.iter().filter(|l| **l).count(), 1);
        here.post("/preferences/sessions/others/end", &[])
            .expect(303);
        assert!(is_signed_in(&here) && is_signed_in(&stranger));
        assert!(!is_signed_in(&there) && !is_signed_in(&elsewhere));
    });
}

#[test]
fn signing_in_makes_a_new_session_and_ends_the_one_before() {
    each_database(|app| {
        let desk = app.desk();
        app.set_password(&desk.agent, PASSWORD);
        // A token somebody planted is not adopted.
        let client = app.anonymous();
        client.set_cookie("andon", "planted");
        let answer = client.post(
            "/login",
            &[("mail", &desk.agent.mail), ("password", PASSWORD)],
        );
        assert_eq!(answer.location(), "/");
        let first = client.cookie("andon").unwrap();
        assert_ne!(first, "planted");
        let again = client.post(
            "/login",
            &[("mail", &desk.agent.mail), ("password", PASSWORD)],
        );
        assert_eq!(again.location(), "/");
        assert_ne!(client.cookie("andon").unwrap(), first);
        let old = app.anonymous();
        old.set_cookie("andon", &first);
        assert!(!is_signed_in(&old));
    });
}

fn password_link(app: &App, person: &Human) -> String {
    let now = app.now();
    app.write(|w| {
        let ctx = Ctx::system(now, Door::Command);
        Ok(people::make_password_link(w, By::Command, &ctx, person.id)?.path())
    })
}

#[test]
fn a_password_link_works_once_and_not_for_long() {
    each_database(|app| {
        let desk = app.desk();
        let agent = &desk.agent;
        let old_session = app.visit(agent);
        let link = password_link(&app, agent);
        let client = app.anonymous();
        // Looking does not use it up.
        for _ in 0..2 {
            client.page(&link).assert_says(&agent.name);
        }
        let form = client.page(&link).form(&link);
        let both = |f: &crate::app::FilledForm, a: &str, b: &str| {
            client.send(&f.clone().set("password", a).set("password_again", b))
        };
        both(&form, "short", "short").expect(422);
        both(&form, PASSWORD, WRONG).expect(422);
        both(&form, "ana.lima ana.lima", "ana.lima ana.lima").expect(422);
        both(&form, PASSWORD, PASSWORD).expect(303);
        assert!(
            !is_signed_in(&old_session),
            "setting a password ends sessions"
        );
        client.get(&link).expect(404);
        both(&form, WRONG, WRONG).expect(404);
        sign_in(&app, agent);

        // A reset lasts half an hour; a newer link withdraws the older.
        let older = password_link(&app, agent);
        let newer = password_link(&app, agent);
        client.get(&older).expect(404);
        client.page(&newer);
        app.travel(Duration::minutes(31));
        let late = client.get(&newer).expect(404);
        // A link that never was is answered alike.
        let never = client.get("/password/0000").expect(404);
        assert_eq!(late.text(), never.text());
    });
}

#[test]
fn the_first_administrator_comes_by_a_link_that_works_once() {
    each_database(|app| {
        let now = app.now();
        let token = app
            .write(|w| people::make_setup_link(w, now))
            .expect("a desk without an administrator");
        let link = format!("/setup/{}", token.to_text());
        let client = app.anonymous();
        let form = client.page(&link).form(&link);
        let filled = form
            .set("name", "First Admin")
            .set("mail", "first@example.org")
            .set("password", PASSWORD)
            .set("password_again", PASSWORD);
        client
            .send(&filled.clone().set("mail", "no address"))
            .expect(422);
        assert_eq!(client.send(&filled).location(), "/login");
        client.send(&filled).expect(404);
        client.get(&link).expect(404);
        let first = Human {
            id: andon::platform::db::Id::nil(),
            name: "First Admin".into(),
            mail: "first@example.org".into(),
        };
        let admin = sign_in(&app, &first);
        admin.page("/preferences");
        // Where there is an administrator there is no other set-up link.
        assert!(app.write(|w| people::make_setup_link(w, now)).is_none());
        assert_eq!(app.count("SELECT count(*) FROM people"), 1);
    });
}

#[test]
fn a_setup_link_runs_out() {
    each_database(|app| {
        let now = app.now();
        let token = app.write(|w| people::make_setup_link(w, now)).unwrap();
        let link = format!("/setup/{}", token.to_text());
        app.travel(Duration::days(7) - Duration::minutes(1));
        app.anonymous().page(&link);
        app.travel(Duration::minutes(2));
        app.anonymous().get(&link).expect(404);
    });
}

#[test]
fn rights_change_at_once() {
    each_database(|app| {
        let desk = app.desk();
        let agent = app.visit(&desk.agent);
        let set = |roles: Roles| {
            use andon::schema::people;
            use diesel::prelude::*;
            app.write(|w| {
                diesel::update(people::table.find(desk.agent.id))
                    .set(people::roles.eq(roles.0))
                    .execute(&mut **w)?;
                Ok(())
            });
        };
        assert_eq!(agent.get("/settings").status, 403);
        agent.page("/queue");
        set(Roles::ADMINISTRATOR);
        agent.page("/settings");
        set(Roles::NONE);
        assert_ne!(agent.get("/settings").status, 200);
        assert_ne!(agent.get("/queue").status, 200);
        agent.page("/preferences");
    });
}

#[test]
fn people_change_their_own_password() {
    each_database(|app| {
        let desk = app.desk();
        app.set_password(&desk.agent, PASSWORD);
        let here = sign_in(&app, &desk.agent);
        let there = sign_in(&app, &desk.agent);
        let form = here.page("/preferences").form("/preferences/password");
        let change = |old: &str, new: &str, again: &str| {
            let filled = form
                .clone()
                .set("old_password", old)
                .set("password", new)
                .set("password_again", again);
            here.send(&filled)
        };
        let new = "calm herons mend 9 bridges";
        let refused = change(WRONG, new, new).expect(422);
        assert!(!refused.html().contains(new), "a password never comes back");
        change(PASSWORD, new, WRONG).expect(422);
        change(PASSWORD, "short", "short").expect(422);
        change(PASSWORD, new, new).expect(303);
        assert!(is_signed_in(&here) && !is_signed_in(&there));
        try_to_sign_in(&app.anonymous(), &desk.agent.mail, PASSWORD).expect(422);
        let answer = try_to_sign_in(&app.anonymous(), &desk.agent.mail, new);
        assert_eq!(answer.location(), "/");
    });
}
