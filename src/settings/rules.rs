//! Pure checks of what the forms of the settings give.

use validator::ValidateEmail;

use super::model::{
    CategoryForm, CodeForm, General, ItemForm, LevelNames, ServiceForm, SupplierForm,
};
use crate::items::Environment;
use crate::people::check_zone;
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::text;
use crate::services::{Code, CodeList};

const NAME_MAX: usize = 200;
const HINT_MAX: usize = 200;
const LABEL_MAX: usize = 100;
const CODE_MAX: usize = 40;
const CLASS_MAX: usize = 60;
const PHONE_MAX: usize = 60;
const MAIL_MAX: usize = 254;

/// How many levels a scale may have: more than a person can tell apart.
pub const LEVELS_MAX: i32 = 6;

/// What the rules of holds know. A hold code of the administrator's own behaves like one of these.
pub const BEHAVIOURS: [&str; 6] = [
    "requester",
    "appointment",
    "supplier",
    "change",
    "problem",
    "other",
];

const CELLS: [[&str; 6]; 6] = [
    [
        "cell-1-1", "cell-1-2", "cell-1-3", "cell-1-4", "cell-1-5", "cell-1-6",
    ],
    [
        "cell-2-1", "cell-2-2", "cell-2-3", "cell-2-4", "cell-2-5", "cell-2-6",
    ],
    [
        "cell-3-1", "cell-3-2", "cell-3-3", "cell-3-4", "cell-3-5", "cell-3-6",
    ],
    [
        "cell-4-1", "cell-4-2", "cell-4-3", "cell-4-4", "cell-4-5", "cell-4-6",
    ],
    [
        "cell-5-1", "cell-5-2", "cell-5-3", "cell-5-4", "cell-5-5", "cell-5-6",
    ],
    [
        "cell-6-1", "cell-6-2", "cell-6-3", "cell-6-4", "cell-6-5", "cell-6-6",
    ],
];

const LEVELS: [(&str, &str); 6] = [
    ("name-1", "hint-1"),
    ("name-2", "hint-2"),
    ("name-3", "hint-3"),
    ("name-4", "hint-4"),
    ("name-5", "hint-5"),
    ("name-6", "hint-6"),
];

/// The field of a cell of the matrix.
pub fn cell(impact: i32, urgency: i32) -> Option<&'static str> {
    let row = CELLS.get(usize::try_from(impact.checked_sub(1)?).ok()?)?;
    row.get(usize::try_from(urgency.checked_sub(1)?).ok()?)
        .copied()
}

/// The fields of every cell.
pub fn cells() -> Vec<&'static str> {
    CELLS.as_flattened().to_vec()
}

/// The fields of a level: its name and its hint.
pub fn level_fields(level: i32) -> Option<(&'static str, &'static str)> {
    LEVELS
        .get(usize::try_from(level.checked_sub(1)?).ok()?)
        .copied()
}

/// The fields of every level.
pub fn all_level_fields() -> Vec<&'static str> {
    LEVELS
        .iter()
        .flat_map(|(name, hint)| [*name, *hint])
        .collect()
}

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

/// Settings that are a value each, cleaned.
pub fn general(given: &General) -> Result<General> {
    let mut invalid = Invalid::default();
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
            wrong(general(&General {
                close_after_days: days.into(),
                zone: "UTC".into(),
            }))
        };
        assert_eq!(days("5"), []);
        assert_eq!(days(" 90 "), []);
        assert_eq!(days("0"), [("close_after_days", "error-number-range")]);
        assert_eq!(days("91"), [("close_after_days", "error-number-range")]);
        assert_eq!(days("five"), [("close_after_days", "error-not-a-number")]);
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
