//! Pure checks of what the forms of the settings give.

use validator::ValidateEmail;

use super::model::{
    CategoryForm, CodeForm, General, ItemForm, LevelNames, ServiceForm, SupplierForm,
};
use crate::items::Environment;
use crate::people::check_zone;
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::text;
pub use crate::services::fields::{LEVELS_MAX, all_level_fields, cell, cells, level_fields};
use crate::services::{Code, CodeList, Level};

const NAME_MAX: usize = 200;
const HINT_MAX: usize = 200;
const LABEL_MAX: usize = 100;
const CODE_MAX: usize = 40;
const CLASS_MAX: usize = 60;
const PHONE_MAX: usize = 60;
const MAIL_MAX: usize = 254;

/// What the rules of holds know. A hold code of the administrator's own behaves like one of these.
pub const BEHAVIOURS: [&str; 6] = [
    "requester",
    "appointment",
    "supplier",
    "change",
    "problem",
    "other",
];

/// A service, cleaned.
pub fn service(given: &ServiceForm) -> Result<ServiceForm> {
    let mut invalid = Invalid::default();
    let name = required("name", &given.name, NAME_MAX, &mut invalid);
    if !(1..=4).contains(&given.criticality) {
        invalid.add("criticality", "error-unknown-choice");
    }
    invalid.or(ServiceForm {
        name,
        ..given.clone()
    })
}

/// A category, cleaned.
pub fn category(given: &CategoryForm) -> Result<CategoryForm> {
    let mut invalid = Invalid::default();
    let name = required("name", &given.name, NAME_MAX, &mut invalid);
    invalid.or(CategoryForm {
        name,
        ..given.clone()
    })
}

/// A supplier, cleaned.
pub fn supplier(given: &SupplierForm) -> Result<SupplierForm> {
    let mut invalid = Invalid::default();
    let name = required("name", &given.name, NAME_MAX, &mut invalid);
    let phone = line("phone", &given.phone, PHONE_MAX, &mut invalid);
    let mail = line("mail", &given.mail, MAIL_MAX, &mut invalid);
    if !mail.is_empty() && !mail.validate_email() {
        invalid.add("mail", "error-not-an-email");
    }
    invalid.or(SupplierForm {
        name,
        phone,
        mail,
        ..given.clone()
    })
}

/// A configuration item, cleaned.
pub fn item(given: &ItemForm) -> Result<ItemForm> {
    let mut invalid = Invalid::default();
    let name = required("name", &given.name, NAME_MAX, &mut invalid);
    let class = line("class", &given.class, CLASS_MAX, &mut invalid);
    let known =
        given.environment.is_empty() || Environment::from_word(&given.environment).is_some();
    if !known {
        invalid.add("environment", "error-unknown-choice");
    }
    invalid.or(ItemForm {
        name,
        class,
        ..given.clone()
    })
}

/// A code, cleaned. `present` is the code it changes, `all` its whole list.
pub fn code(
    list: CodeList,
    given: &CodeForm,
    present: Option<&Code>,
    all: &[Code],
) -> Result<CodeForm> {
    let mut invalid = Invalid::default();
    let label = required("label", &given.label, LABEL_MAX, &mut invalid);
    let is_other = |c: &&Code| present.is_none_or(|p| p.code != c.code);
    let key = text::fold(&label);
    if !label.is_empty()
        && all
            .iter()
            .filter(is_other)
            .any(|c| text::fold(&c.label) == key)
    {
        invalid.add("label", "name-taken");
    }
    let behaviour = match (list, present) {
        (CodeList::Hold, Some(built_in)) if is_built_in(built_in) => built_in.behaviour.clone(),
        (CodeList::Hold, _) => {
            if !BEHAVIOURS.contains(&given.behaviour.as_str()) {
                invalid.add("behaviour", "error-choose");
            }
            given.behaviour.clone()
        }
        _ => String::new(),
    };
    let leaves_none =
        given.disabled && !all.iter().filter(is_other).any(|c| c.disabled_at.is_none());
    if leaves_none {
        invalid.add("disabled", "code-last-enabled");
    }
    invalid.or(CodeForm {
        label,
        behaviour,
        disabled: given.disabled,
    })
}

/// Whether a hold code came with the product, so that its behaviour is fixed.
pub fn is_built_in(code: &Code) -> bool {
    code.list == CodeList::Hold && BEHAVIOURS.contains(&code.code.as_str())
}

/// The word by which a new code is kept, made of its label and unlike all others of the list.
pub fn new_code_word(label: &str, all: &[Code]) -> String {
    let mut word: String = text::words(label)
        .join("_")
        .chars()
        .take(CODE_MAX)
        .collect();
    if word.is_empty() {
        word = "code".to_owned();
    }
    let taken = |word: &str| all.iter().any(|c| c.code == word);
    if !taken(&word) {
        return word;
    }
    (2..)
        .map(|n| format!("{word}_{n}"))
        .find(|word| !taken(word))
        .unwrap_or(word)
}

/// The names of a scale's levels, cleaned: each has a name, no two the same.
pub fn names(given: &LevelNames, levels: i32) -> Result<LevelNames> {
    let mut invalid = Invalid::default();
    let mut out = LevelNames::new();
    let mut keys: Vec<String> = Vec::new();
    for (name_field, hint_field) in (1..=levels).filter_map(level_fields) {
        let of = |field: &str| given.get(field).map_or("", String::as_str);
        let name = required(name_field, of(name_field), NAME_MAX, &mut invalid);
        let key = text::fold(&name);
        if !name.is_empty() && keys.contains(&key) {
            invalid.add(name_field, "name-taken");
        }
        keys.push(key);
        let hint = line(hint_field, of(hint_field), HINT_MAX, &mut invalid);
        out.insert(name_field.to_owned(), name);
        out.insert(hint_field.to_owned(), hint);
    }
    invalid.or(out)
}

/// The name and hint of a new level, cleaned.
pub fn new_level(name: &str, hint: &str, present: &LevelNames) -> Result<(String, String)> {
    let mut invalid = Invalid::default();
    let name = required("name", name, NAME_MAX, &mut invalid);
    let hint = line("hint", hint, HINT_MAX, &mut invalid);
    let key = text::fold(&name);
    let names = present
        .iter()
        .filter(|(field, _)| field.starts_with("name"));
    if !name.is_empty() && names.map(|(_, n)| n).any(|n| text::fold(n) == key) {
        invalid.add("name", "name-taken");
    }
    invalid.or((name, hint))
}

/// Settings that are a value each, cleaned. `impacts` and `urgencies` are the levels there are.
pub fn general(given: &General, impacts: &[Level], urgencies: &[Level]) -> Result<General> {
    let mut invalid = Invalid::default();
    for (field, chosen, levels) in [
        ("default_impact", &given.default_impact, impacts),
        ("default_urgency", &given.default_urgency, urgencies),
    ] {
        let is_there = levels.iter().any(|l| l.level.to_string() == *chosen);
        if !chosen.is_empty() && !is_there {
            invalid.add(field, "error-unknown-choice");
        }
    }
    let days = given.close_after_days.trim().parse::<i64>();
    match days {
        Err(_) => invalid.add("close_after_days", "error-not-a-number"),
        Ok(1..=90) => {}
        Ok(_) => invalid.add(
            "close_after_days",
            Message::new("error-number-range")
                .arg("min", 1)
                .arg("max", 90),
        ),
    }
    let zone = check_zone(&given.zone, &mut invalid);
    invalid.or(General {
        close_after_days: days.unwrap_or_default().to_string(),
        zone,
        ..given.clone()
    })
}

fn required(field: &'static str, given: &str, max: usize, invalid: &mut Invalid) -> String {
    let text = line(field, given, max, invalid);
    if text.is_empty() && invalid.of(field).is_none() {
        invalid.add(field, "error-required");
    }
    text
}

fn line(field: &'static str, given: &str, max: usize, invalid: &mut Invalid) -> String {
    text::clean_line(given, max).unwrap_or_else(|long| {
        let message = Message::new("error-too-long")
            .arg("max", long.max)
            .arg("got", long.got);
        invalid.add(field, message);
        String::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::kernel::error::Error;
    use crate::services::Scale;

    fn held(code: &str, label: &str, behaviour: &str) -> Code {
        Code {
            list: CodeList::Hold,
            code: code.into(),
            label: label.into(),
            behaviour: behaviour.into(),
            position: 1,
            disabled_at: None,
            version: 1,
        }
    }

    fn wrong<T>(result: Result<T>) -> Vec<(&'static str, &'static str)> {
        match result {
            Err(Error::Invalid(invalid)) => invalid.0.iter().map(|(f, m)| (*f, m.key)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_built_in_hold_keeps_its_behaviour_and_an_own_one_chooses() {
        let all = [
            held("supplier", "Supplier", "supplier"),
            held("customs", "Customs", "other"),
        ];
        let given = CodeForm {
            label: "Vendor".into(),
            behaviour: "other".into(),
            disabled: false,
        };
        let kept = code(CodeList::Hold, &given, Some(&all[0]), &all).unwrap();
        assert_eq!(kept.behaviour, "supplier");
        let own = code(CodeList::Hold, &given, Some(&all[1]), &all).unwrap();
        assert_eq!(own.behaviour, "other");
        let none = CodeForm {
            behaviour: String::new(),
            ..given
        };
        assert_eq!(
            wrong(code(CodeList::Hold, &none, None, &all)),
            [("behaviour", "error-choose")]
        );
        assert!(code(CodeList::Resolution, &none, None, &[]).is_ok());
    }

    #[test]
    fn labels_differ_and_one_code_stays() {
        let all = [held("other", "Other", "other")];
        let again = CodeForm {
            label: " OTHÉR ".into(),
            behaviour: "other".into(),
            disabled: false,
        };
        assert_eq!(
            wrong(code(CodeList::Hold, &again, None, &all)),
            [("label", "name-taken")]
        );
        let off = CodeForm {
            disabled: true,
            ..CodeForm::of(&all[0])
        };
        assert_eq!(
            wrong(code(CodeList::Hold, &off, Some(&all[0]), &all)),
            [("disabled", "code-last-enabled")]
        );
    }

    #[test]
    fn new_codes_get_words_of_their_own() {
        let all = [held("customs_office", "Customs office", "other")];
        assert_eq!(new_code_word("Parts: Ordered!", &all), "parts_ordered");
        assert_eq!(new_code_word("Customs Office", &all), "customs_office_2");
        assert_eq!(new_code_word("…", &all), "code");
    }

    #[test]
    fn levels_have_names_that_differ() {
        let given: LevelNames = [("name-1", "High"), ("name-2", "high"), ("hint-1", "h")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into();
        assert_eq!(
            wrong(names(&given, 3)),
            [("name-2", "name-taken"), ("name-3", "error-required")]
        );
        assert_eq!(
            wrong(new_level("HIGH", "", &given)),
            [("name", "name-taken")]
        );
    }

    #[test]
    fn days_have_a_range() {
        let days = |days: &str| {
            let given = General {
                close_after_days: days.into(),
                zone: "UTC".into(),
                ..General::default()
            };
            wrong(general(&given, &[], &[]))
        };
        assert_eq!(days("5"), []);
        assert_eq!(days(" 90 "), []);
        assert_eq!(days("0"), [("close_after_days", "error-number-range")]);
        assert_eq!(days("91"), [("close_after_days", "error-number-range")]);
        assert_eq!(days("five"), [("close_after_days", "error-not-a-number")]);
    }

    #[test]
    fn a_call_begins_with_a_level_that_is_there() {
        let levels = [1, 2].map(|level| Level {
            scale: Scale::Impact,
            level,
            name: "Some".into(),
            hint: String::new(),
        });
        let begins = |impact: &str, urgency: &str| {
            let given = General {
                close_after_days: "5".into(),
                zone: "UTC".into(),
                default_impact: impact.into(),
                default_urgency: urgency.into(),
            };
            wrong(general(&given, &levels, &levels[..1]))
        };
        assert_eq!(begins("", ""), []);
        assert_eq!(begins("2", "1"), []);
        assert_eq!(
            begins("3", "2"),
            [
                ("default_impact", "error-unknown-choice"),
                ("default_urgency", "error-unknown-choice")
            ]
        );
        assert_eq!(
            begins("x", ""),
            [("default_impact", "error-unknown-choice")]
        );
    }

    #[test]
    fn every_cell_has_a_field() {
        assert_eq!(cell(1, 1), Some("cell-1-1"));
        assert_eq!(cell(6, 2), Some("cell-6-2"));
        assert_eq!(cell(0, 1), None);
        assert_eq!(cell(7, 1), None);
        assert_eq!(level_fields(3), Some(("name-3", "hint-3")));
    }
}
