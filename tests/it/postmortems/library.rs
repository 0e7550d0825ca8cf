//! The library, and post-mortems that were written elsewhere.

use std::path::PathBuf;

use andon::people::Visitor;
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::postmortems;

use super::{FIRST, postmortem, raise};
use crate::app::{LogCall, each_database, root, walk};
use crate::instants::verified;

#[test]
fn library_filters_by_words_factor_service_and_time() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let other = app.log(
            &desk.agent,
            &LogCall::incident("Mail bounces").from(&desk.requester),
        );
        raise(&app, &desk.agent, &[other.number()]).unwrap();
        crate::problems::factor(&app, &desk.agent, FIRST, "capacity");
        let client = app.visit(&desk.agent);
        let found = |query: &str| {
            let text = client.page(&format!("/postmortems{query}")).text();
            ["PM-1", "PM-2"].map(|number| text.contains(number))
        };
        assert_eq!(found(""), [true, true]);
        assert_eq!(found("?q=payments"), [true, false]);
        assert_eq!(found("?q=nothing+of+it"), [false, false]);
        assert_eq!(found("?factor=capacity"), [true, false]);
        assert_eq!(found("?factor=process"), [false, false]);
        assert_eq!(found(&format!("?service={}", desk.mail)), [false, false]);
        let day = app.now().rfc3339().chars().take(10).collect::<String>();
        assert_eq!(found(&format!("?from={day}&to={day}")), [true, true]);
        assert_eq!(found("?to=2020-01-01"), [false, false]);
        assert_eq!(found("?after=nonsense&from=x"), [true, true]);
        client
            .page("/postmortems?q=zzz")
            .assert_says("No post-mortem is like that");
    });
}

/// Real post-mortems, where they lie beside the checkout; says so where they are skipped.
#[allow(clippy::disallowed_methods, clippy::print_stderr)]
fn real() -> Vec<PathBuf> {
    let folder = root().join("../shared/data/post-mortems");
    if !folder.is_dir() {
        assert!(
            std::env::var_os("ANDON_REQUIRE_ALL").is_none(),
            "the real post-mortems are missing, and nothing may be skipped"
        );
        eprintln!("skipped: the real post-mortems are not beside this checkout");
        return Vec::new();
    }
    let mut files = walk(&folder);
    files
        .retain(|file| file.extension().is_some_and(|e| e == "md") && !file.ends_with("README.md"));
    files.sort();
    files
}

fn lines(text: &str) -> Vec<&str> {
    let mut all: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    all.sort_unstable();
    all
}

/// In, through the editor, checked, printed and out again: every line is there, once.
#[test]
fn real_post_mortems_lose_nothing() {
    let files = real();
    each_database(|app| {
        let desk = app.desk();
        let ctx = Ctx::system(app.now(), Door::Command);
        let everyone = Visitor::command(app.now());
        let client = app.visit(&desk.agent);
        for file in &files {
            let source = std::fs::read_to_string(file).unwrap();
            let record = app
                .site
                .store
                .write_here(|w| postmortems::import(w, &everyone, &ctx, ("Unnamed", &source), &[]))
                .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            let number = record.number();
            let out = app.read(|r| postmortems::export(r, &everyone, number));
            // One that begins with no title was given one.
            let titled = source.trim_start().starts_with("# ");
            let whole = match titled {
                true => source.clone(),
                false => format!("# Unnamed\n{source}"),
            };
            assert_eq!(lines(&out), lines(&whole), "{}", file.display());
            // Through the editor, saved as it came: nothing changes.
            for section in ["summary", "what_happened", "impact"] {
                let path = format!("{}/sections/{section}", number.path());
                client.send(&client.page(&path).form(&path)).expect(303);
            }
            let again = app.read(|r| postmortems::export(r, &everyone, number));
            assert_eq!(lines(&again), lines(&whole), "{}", file.display());
            client.page(&number.path());
            client.page(&format!("{}/review", number.path()));
        }
        verified(&app);
    });
}
