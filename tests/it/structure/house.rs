//! The order of the house, read from the source: a slice uses only what stands before it.
//!
//! `src/lib.rs` lists the slices in their order, divided by blank lines. Those that stand together
//! without one are a group: within it the uses may not run in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::app::{root, walk};

/// The macros at the crate's root, which belong to a slice all the same.
const MACROS: [(&str, &str); 2] = [("text_enum", "platform"), ("visible", "records")];
/// Printed by diesel; whoever has a table uses it.
const FREE: &str = "schema";

/// Slice → the number of its group, in the order of `src/lib.rs`.
fn groups() -> BTreeMap<String, usize> {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let mut group = 0;
    let mut found = BTreeMap::new();
    for line in lib.lines() {
        match line
            .strip_prefix("pub mod ")
            .and_then(|m| m.strip_suffix(';'))
        {
            Some(name) => drop(found.insert(name.to_owned(), group)),
            None if line.is_empty() => group += 1,
            None => {}
        }
    }
    assert!(found.len() > 10, "src/lib.rs lists its slices: {found:?}");
    found
}

/// Every file of the product with the slice it belongs to.
fn files() -> Vec<(String, PathBuf)> {
    let source = root().join("src");
    walk(&source)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|e| e == "rs"))
        .filter(|file| !file.ends_with("tests.rs") && !file.iter().any(|part| part == "tests"))
        .filter_map(|file| {
            let inside = file.strip_prefix(&source).unwrap();
            let first = inside.iter().next().unwrap().to_string_lossy().into_owned();
            let slice = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
            (slice != "lib" && slice != "main").then_some((slice, file))
        })
        .collect()
}

/// A file without the unit tests at its end, which may take an example from any slice.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or_default()
}

/// The slices a file names behind `crate::`, whether imported or written out.
fn used(text: &str) -> BTreeSet<String> {
    let code: String = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = BTreeSet::new();
    let mut rest = code.as_str();
    while let Some((_, behind)) = rest.split_once("crate::") {
        rest = behind;
        match behind.strip_prefix('{') {
            Some(list) => found.extend(heads(list)),
            None => found.extend(word(behind)),
        }
    }
    found
}

/// The first word of each item of `{a, b::{c, d}, e::f}`.
fn heads(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut start = true;
    let mut found = Vec::new();
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            _ if start && !letter.is_whitespace() => {
                found.extend(word(&list[at..]));
                start = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let word = &text[..end];
    let named = MACROS.iter().find(|(name, _)| *name == word);
    let word = named.map_or(word, |(_, slice)| slice);
    (!word.is_empty()).then(|| word.to_owned())
}

#[test]
fn uses_are_read_from_every_way_of_writing_them() {
    let text = "use crate::people::Person;\nuse crate::{incidents, records::{self, Kind}};\n// crate::app\n\
                fn f() { crate::visible!(q, v); crate::services::find() }";
    let expected = ["incidents", "people", "records", "services"];
    assert_eq!(used(text), expected.map(str::to_owned).into());
}

#[test]
fn a_slice_uses_only_what_stands_before_it() {
    let groups = groups();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (slice, file) in files() {
        let Some(own) = groups.get(&slice) else {
            panic!("{} belongs to no slice of src/lib.rs", file.display())
        };
        let text = std::fs::read_to_string(&file).unwrap();
        for other in used(product(&text)) {
            match groups.get(&other) {
                _ if other == slice || other == FREE => {}
                None => wrong.push(format!("{}: crate::{other} is no slice", file.display())),
                Some(theirs) if theirs > own => {
                    wrong.push(format!("{}: {slice} uses {other}", file.display()));
                }
                Some(theirs) => {
                    if theirs == own {
                        uses.entry(slice.clone()).or_default().insert(other);
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "uses what stands above it: {wrong:#?}");
    while let Some(done) = uses
        .iter()
        .find(|(_, others)| !others.iter().any(|o| uses.contains_key(o)))
        .map(|(slice, _)| slice.clone())
    {
        uses.remove(&done);
    }
    assert!(
        uses.is_empty(),
        "these use each other in a circle: {uses:?}"
    );
}

/// Rooms keep to what their name says.
#[test]
fn doors_hold_no_sql_and_rules_no_database() {
    let mut wrong = Vec::new();
    for (slice, file) in files() {
        let inside = file.strip_prefix(root()).unwrap().display().to_string();
        let text = std::fs::read_to_string(&file).unwrap();
        let code = product(&text);
        let has = |words: &[&str]| words.iter().any(|w| code.contains(w));
        let is_door = inside.contains("/pages")
            || inside.contains("/commands/")
            || inside.contains("/import/")
            || inside.ends_with("/import.rs");
        if slice != "platform" && is_door && has(&["diesel::", "crate::schema"]) {
            wrong.push(format!("{inside}: a door with SQL"));
        }
        let is_rule = inside.ends_with("rules.rs") && slice != "platform";
        if is_rule
            && has(&[
                "diesel::",
                "crate::schema",
                "actix_web",
                "platform::db::Db",
                "Clock",
            ])
        {
            wrong.push(format!("{inside}: a rule with I/O"));
        }
        if inside.contains("/actions") && has(&["actix_web", "askama"]) {
            wrong.push(format!("{inside}: an action that knows HTTP or templates"));
        }
        if has(&[
            "Db::Sqlite",
            "Db::Postgres",
            "Backend::Sqlite",
            "Backend::Postgres",
        ]) && !inside.starts_with("src/platform/db/")
        {
            wrong.push(format!(
                "{inside}: matches on the backend outside platform/db"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
