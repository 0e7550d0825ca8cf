use super::language::{ENGLISH, keys};
use super::*;

static SAMPLE: &[(&str, &str)] = &[(
    "sample.ftl",
    "-name = Desk\n\
     welcome = Welcome to { -name }\n\
     both = { welcome } again\n\
     queue-count = { $count ->\n    [one] { $count } record\n   *[other] { $count } records\n }\n\
     assigned = Assigned by { $who } to { $team }\n\
     search = Search\n    .placeholder = Words or a number\n\
     folded =\n    First line\n    second = line\n",
)];

fn sample() -> Words {
    Words {
        language: Box::leak(Box::new(language::Language::build("en", SAMPLE, None))),
    }
}

#[test]
fn plain_messages_terms_references_and_attributes() {
    let t = sample();
    assert_eq!(t.s("welcome"), "Welcome to Desk");
    assert_eq!(t.s("both"), "Welcome to Desk again");
    assert_eq!(t.s("search.placeholder"), "Words or a number");
    assert_eq!(t.s("folded"), "First line\nsecond = line");
    assert!(matches!(t.s("welcome"), Cow::Borrowed(_)));
}

#[test]
fn plurals_and_grouped_numbers() {
    let t = sample();
    assert_eq!(t.n("queue-count", 1), "1 record");
    assert_eq!(t.n("queue-count", 0_usize), "0 records");
    assert_eq!(t.n("queue-count", 12_345_i64), "12,345 records");
    assert_eq!(t.number(0), "0");
    assert_eq!(t.number(999), "999");
    assert_eq!(t.number(-1_000_000_i64), "-1,000,000");
    assert_eq!(t.number(i64::MIN), "-9,223,372,036,854,775,808");
    assert_eq!(t.number(u64::MAX), "9,223,372,036,854,775,807");
}

#[test]
fn arguments_are_text_and_nothing_else() {
    let t = sample();
    let team = String::from("{ $who }");
    assert_eq!(
        t.with("assigned", [("who", "Ana"), ("team", &team)]),
        "Assigned by Ana to { $who }"
    );
    assert_eq!(
        t.with2("assigned", "who", &team, "team", 1234),
        "Assigned by { $who } to 1,234"
    );
    assert_eq!(t.with1("welcome", "unused", "x"), "Welcome to Desk");
}

#[test]
fn a_missing_key_is_shown_and_harms_nobody() {
    let t = sample();
    assert_eq!(t.s("nothing"), "⟦nothing⟧");
    assert_eq!(t.s("assigned"), "⟦assigned⟧", "needs arguments");
    assert_eq!(t.n("nothing", 1), "⟦nothing⟧");
    assert_eq!(
        t.with1("assigned", "who", "Ana"),
        "⟦assigned⟧",
        "the team is missing"
    );
    assert_eq!(t.s("search.nothing"), "⟦search.nothing⟧");
    assert!(!t.has("nothing") && !t.has("search.nothing"));
    assert!(t.has("welcome") && t.has("assigned") && t.has("search.placeholder"));
}

#[test]
fn languages_are_found_by_tag() {
    assert_eq!(Words::of("en").tag(), "en");
    assert_eq!(Words::of("xx-unknown").tag(), "en");
    assert_eq!(Words::of("en-XA").tag(), "en-XA");
    assert!(!Words::offered().contains(&PSEUDO));
}

#[test]
fn the_pseudo_language_changes_each_word_and_no_argument() {
    let t = Words::of(PSEUDO);
    assert_eq!(
        t.with1("error-page-request-id", "id", "a1b2"),
        "‹Ŕééɋúúééšţ› a1b2"
    );
    assert!(untranslated(&t.s("save"), &[]).is_empty());
    assert_eq!(untranslated(&Words::of("en").s("save"), &[]), ["Save"]);
}

#[test]
fn the_catalogue_has_no_mistakes() {
    for tag in [DEFAULT, PSEUDO] {
        assert_eq!(Words::of(tag).language.problems, Vec::<String>::new());
    }
    let mut seen = std::collections::HashSet::new();
    for (file, source) in ENGLISH {
        for key in keys(source) {
            assert!(seen.insert(key), "{file}: {key} is there twice");
            assert!(
                Words::of(DEFAULT).has(key),
                "{file}: {key} is not a message"
            );
        }
    }
}

#[test]
fn every_file_of_the_folder_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/platform/words/en");
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of the catalogue")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.ends_with(".ftl"))
        .collect();
    let mut embedded: Vec<String> = ENGLISH.iter().map(|(file, _)| (*file).to_owned()).collect();
    there.sort();
    embedded.sort();
    assert_eq!(
        there, embedded,
        "add the file to ENGLISH in words/language.rs"
    );
}

mod in_a_template {
    use super::*;
    use askama::Template;

    /// How templates write it; references and values must both do.
    #[derive(Template)]
    #[template(
        ext = "html",
        source = r#"{{ t.s("save") }}|{{ t.s(key) }}|{{ t.n("item-count", count) }}|{{ t.n("item-count", rows.len()) }}|{{ t.with1("error-page-request-id", "id", id) }}|{{ t.with2("error-number-range", "min", 1, "max", count) }}|{{ t.with("shown-of-count", &[("shown", shown), ("count", id.as_str())]) }}|{{ t.number(count) }}"#
    )]
    struct Page<'a> {
        t: Words,
        key: &'static str,
        count: i64,
        rows: Vec<u8>,
        id: String,
        shown: &'a str,
    }

    #[test]
    fn all_forms_compile_and_are_escaped() {
        let page = Page {
            t: Words::of("en"),
            key: "cancel",
            count: 2000,
            rows: vec![1],
            id: "<b>".into(),
            shown: "5",
        };
        assert_eq!(
            page.render().unwrap(),
            "Save|Cancel|2,000 items|1 item|Request &#60;b&#62;|Between 1 and 2,000.|5 of &#60;b&#62;|2,000"
        );
    }
}
