use super::*;
use crate::platform::db::{Id, Utc};

const THEY: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const RECORD: Uuid = Uuid::from_u128(3);

fn fact(name: &str, actor: Uuid, subject: Uuid) -> Fact {
    Fact {
        seq: 1,
        subject_kind: "record".into(),
        subject_id: Id::from_uuid(subject),
        position: 1,
        name: name.into(),
        version: 1,
        occurred_at: Utc::from_micros(0),
        recorded_at: Utc::from_micros(0),
        actor_id: Some(Id::from_uuid(actor)),
        behalf_id: None,
        door: "web".into(),
        data: String::new(),
        previous: Vec::new(),
        hash: Vec::new(),
    }
}

fn text<'t>(slot: i32, field: &str, side: Side, text: &'t str) -> Spot<'t> {
    Spot {
        slot,
        side,
        field: field.into(),
        of: None,
        text,
    }
}

fn label<'t>(slot: i32, field: &str, of: &str, text: &'t str) -> Spot<'t> {
    Spot {
        of: Some(of.into()),
        ..self::text(slot, field, Side::After, text)
    }
}

fn slots(owned: &mut Owned, fact: &Fact, refs: &[(&str, &str)], spots: &[Spot<'_>]) -> Vec<i32> {
    let refs = refs
        .iter()
        .map(|(field, id)| ((*field).to_owned(), (*id).to_owned()))
        .collect();
    let spots = spots.to_vec();
    owned.slots(fact, &Parts { refs, spots })
}

fn they(choices: Choices) -> Owned {
    Owned {
        person: THEY,
        choices,
        identity: vec!["Rita".into()],
        ..Owned::default()
    }
}

#[test]
fn their_name_goes_wherever_it_stands_and_nobody_elses() {
    let spots = [
        label(0, "", &THEY.to_string(), "Rita"),
        label(1, "assignee", &THEY.to_string(), "Rita"),
        label(2, "assignee", &OTHER.to_string(), "Rita"),
        text(3, "reopened_for", Side::After, "Rita"),
        text(4, "title", Side::After, "Rita's printer"),
        label(
            5,
            "participants",
            &format!("{OTHER}//false,{THEY}/2/true"),
            "Ben, Rita",
        ),
        label(6, "participants", &format!("{OTHER}//false"), "Ben"),
    ];
    let mut owned = they(Choices::default());
    let of = fact("incident.assigned", THEY, RECORD);
    assert_eq!(slots(&mut owned, &of, &[], &spots), [0, 1, 3, 5]);
}

#[test]
fn all_that_is_said_of_themself_goes_but_what_stands_for_it() {
    let spots = [
        text(0, "phone", Side::Before, "555"),
        text(1, "name", Side::Before, "Former"),
        text(2, "name", Side::After, "Erased person 3"),
        label(3, "organisation", "x", "Harbour"),
    ];
    let mut owned = they(Choices::default());
    let of = fact("person.erased", OTHER, THEY);
    assert_eq!(slots(&mut owned, &of, &[], &spots), [0, 1]);
}

#[test]
fn titles_go_when_chosen_and_only_of_what_they_asked_for() {
    let spots = [text(0, "title", Side::After, "A")];
    let chosen = Choices {
        records: true,
        ..Choices::default()
    };
    let of = fact("incident.created", OTHER, RECORD);
    for (choices, theirs, going) in [
        (chosen, true, vec![0]),
        (chosen, false, vec![]),
        (Choices::default(), true, vec![]),
    ] {
        let mut owned = they(choices);
        owned.records.extend(theirs.then_some(RECORD));
        assert_eq!(slots(&mut owned, &of, &[], &spots), going);
    }
}

#[test]
fn what_they_wrote_at_work_goes_and_what_others_did_stays() {
    let notes = Choices {
        notes: true,
        ..Choices::default()
    };
    let spots = [text(0, "resolution_text", Side::After, "Done")];
    let own = fact("incident.resolved", THEY, RECORD);
    let others = fact("incident.resolved", OTHER, RECORD);
    assert_eq!(slots(&mut they(notes), &own, &[], &spots), [0]);
    assert!(slots(&mut they(notes), &others, &[], &spots).is_empty());
    assert!(slots(&mut they(Choices::default()), &own, &[], &spots).is_empty());
    // An import says whose deed it was.
    let told = [("resolved_by", THEY.to_string())];
    let told: Vec<(&str, &str)> = told.iter().map(|(f, id)| (*f, id.as_str())).collect();
    assert_eq!(slots(&mut they(notes), &others, &told, &spots), [0]);
}

/// Whoever changes a reason afterwards repeats it as the one before.
#[test]
fn a_reason_goes_where_somebody_else_repeats_it_too() {
    let mut owned = they(Choices {
        notes: true,
        ..Choices::default()
    });
    let said = |text: &'static str| [self::text(1, "priority_reason", Side::After, text)];
    let first = fact("incident.edited", OTHER, RECORD);
    assert!(slots(&mut owned, &first, &[], &said("theirs")).is_empty());
    let second = fact("incident.edited", THEY, RECORD);
    assert_eq!(slots(&mut owned, &second, &[], &said("mine")), [1]);
    assert!(owned.standing.contains(&("priority_reason", RECORD)));
    let both = [
        text(0, "priority_reason", Side::Before, "mine"),
        text(1, "priority_reason", Side::After, "another"),
    ];
    assert_eq!(slots(&mut owned, &first, &[], &both), [0]);
    assert!(owned.standing.is_empty());
}

#[test]
fn entries_files_and_tasks_go_by_their_ids() {
    let mut owned = they(Choices::default());
    owned
        .entries
        .extend(["said".to_owned(), "noted".to_owned()]);
    owned.bodies.insert("said".into());
    owned.files.insert("file".into());
    owned.tasks.insert("task".into());
    let of = fact("incident.replied", OTHER, RECORD);
    let entry = |id: &'static str| {
        [
            label(0, "entry", id, "R"),
            text(1, "entry_body", Side::After, "b"),
        ]
    };
    assert_eq!(
        slots(&mut owned, &of, &[("entry", "said")], &entry("said")),
        [0, 1]
    );
    assert_eq!(
        slots(&mut owned, &of, &[("entry", "noted")], &entry("noted")),
        [0]
    );
    assert!(slots(&mut owned, &of, &[("entry", "other")], &entry("other")).is_empty());
    let file = [
        label(0, "attachment", "file", "a.txt"),
        text(1, "attachment_content", Side::After, "ff"),
    ];
    assert_eq!(
        slots(&mut owned, &of, &[("attachment", "file")], &file),
        [0, 1]
    );
    let task = [label(0, "task", "task", "Call back")];
    assert_eq!(slots(&mut owned, &of, &[("task", "task")], &task), [0]);
}

/// Texts of records that tell of nobody: what a supplier is called, and calls the matter.
const NOBODYS: [&str; 2] = ["hold_supplier", "hold_supplier_case"];
/// What is written where a field's name is no literal, and which fields that are.
const NAMED_ELSEWHERE: [(&str, &[&str]); 2] = [
    ("text_field", &["resolution_text", "cancellation_text"]),
    (
        "names.note",
        &[
            "impact_began_note",
            "detected_note",
            "acknowledged_note",
            "mitigated_note",
        ],
    ),
];

/// The literal nearest to where a text is made into a change: before it in its statement, or soon
/// after it.
fn field_of(source: &str, at: usize) -> Vec<String> {
    let statement = source[..at].rfind([';', '{']).map_or(0, |start| start + 1);
    let end = source[at..].find(';').map_or(source.len(), |end| at + end);
    for (written, fields) in NAMED_ELSEWHERE {
        if source[statement..end].contains(written) {
            return fields.iter().map(|field| (*field).to_owned()).collect();
        }
    }
    let words = |text: &str| -> Vec<String> {
        let parts: Vec<&str> = text.split('"').collect();
        parts
            .chunks_exact(2)
            .map(|pair| pair[1].to_owned())
            .collect()
    };
    let before = words(&source[statement..at]).pop();
    let after = source[at..].chars().take(200).collect::<String>();
    before
        .or_else(|| words(&after).into_iter().next())
        .into_iter()
        .collect()
}

/// The fields of records' facts that hold a text somebody wrote, as the actions write them.
fn free_texts() -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders: Vec<_> = [
        "records",
        "incidents",
        "requests",
        "problems",
        "changes",
        "tasks",
    ]
    .map(|slice| root.join(slice))
    .into();
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // What compares, what an import makes of people and teams, and what freezes and templates
            // say, writes no record.
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if ["verify", "names", "fields", "tests"].contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for (at, _) in source.match_indices("Value::text(") {
                let fields = field_of(&source, at);
                assert!(!fields.is_empty(), "{}: a text of no field", path.display());
                found.extend(fields);
            }
        }
    }
    found
}

/// Whoever adds a text to the journal decides whether it goes with the person who wrote it.
#[test]
fn every_text_of_a_records_journal_goes_or_tells_of_nobody() {
    let fields = free_texts();
    assert!(
        fields.len() > 15 && fields.contains("description"),
        "{fields:?}"
    );
    let all = Choices {
        records: true,
        replies: true,
        notes: true,
        files: true,
    };
    let one: HashSet<String> = ["it".to_owned()].into();
    for field in fields {
        let mut owned = Owned {
            entries: one.clone(),
            bodies: one.clone(),
            files: one.clone(),
            tasks: one.clone(),
            records: [RECORD].into(),
            ..they(all)
        };
        let refs = ["entry", "attachment", "task"].map(|about| (about, "it"));
        let spots = [text(0, &field, Side::After, "words")];
        let goes = !slots(
            &mut owned,
            &fact("incident.said", THEY, RECORD),
            &refs,
            &spots,
        )
        .is_empty();
        let stays = NOBODYS.contains(&field.as_str());
        assert!(
            goes != stays,
            "{field}: add it to WORK, STANDING or NOBODYS"
        );
    }
}
