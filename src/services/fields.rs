//! What the journal calls the parts of the desk's vocabularies: its subjects that have a name and no
//! id, and the fields of levels and of the matrix. Forms know the fields by the same names.

use uuid::Uuid;

use super::model::Scale;
use crate::journal::{Subject, Value};
use crate::platform::kernel::secrets;

/// How many levels a scale may have: more than a person can tell apart.
pub const LEVELS_MAX: i32 = 6;
/// Under which setting the days stand after which what is resolved closes.
pub const CLOSE_AFTER_DAYS: &str = "close_after_days";
/// The setting of the zone that new people get.
pub const DEFAULT_ZONE: &str = "default_zone";
/// The settings of the impact and urgency a call begins with.
pub const DEFAULT_IMPACT: &str = "default_impact";
pub const DEFAULT_URGENCY: &str = "default_urgency";
/// The setting of the team that gets what nothing sends elsewhere.
pub const DESK_TEAM: &str = "desk_team";
/// What the journal calls the general settings together.
pub const GENERAL: &str = "general";
/// The chain that says who became and ceased to be an administrator (`people` writes it).
pub const ADMINISTRATORS: &str = "administrators";
/// What the journal calls the policy of changes.
pub const CHANGES: &str = "changes";
/// The setting of the conflicts that stop a change.
pub const CHANGE_BLOCKING: &str = "change_blocking";
/// The setting of the hours within which an emergency's authority is confirmed.
pub const CHANGE_CONFIRM_HOURS: &str = "change_confirm_hours";
/// Those hours, where nobody set them.
pub const CONFIRM_HOURS: &str = "24";
/// What the journal calls the fair order.
pub const FAIR_ORDER: &str = "fair_order";
/// The setting of the teams that take work in it.
pub const FAIR_TEAMS: &str = "fair_teams";
/// The classes of work in the fair order: the word of each, its setting, and the hours it may wait where
/// nobody set others.
pub const ALLOWANCES: [(&str, &str, i64); 4] = [
    ("incident", "allowance_incident", 4),
    ("request", "allowance_request", 48),
    ("problem", "allowance_problem", 240),
    ("action", "allowance_action", 360),
];
/// What the journal calls the matrix.
pub const MATRIX: &str = "priority_matrix";

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

/// A level's fields with their values.
pub fn level_values(level: i32, name: &str, hint: &str) -> Vec<(&'static str, Value)> {
    level_fields(level).map_or_else(Vec::new, |(n, h)| {
        vec![(n, Value::text(name)), (h, Value::text(hint))]
    })
}

/// The journal's subject for a setting.
pub fn about_setting(name: &str) -> Subject {
    named("setting", name)
}

/// The journal's subject for the levels of a scale.
pub fn about_scale(scale: Scale) -> Subject {
    about_setting(scale.word())
}

/// The journal's subject for a code of a list.
pub fn about_code(list: &str, code: &str) -> Subject {
    named("code", &format!("{list}/{code}"))
}

/// Every setting the journal knows, by its name.
pub fn settings() -> Vec<&'static str> {
    let scales = [Scale::Impact, Scale::Urgency, Scale::Priority];
    let mut names = vec![
        GENERAL,
        DESK_TEAM,
        MATRIX,
        ADMINISTRATORS,
        CHANGES,
        FAIR_ORDER,
    ];
    names.extend(scales.map(Scale::word));
    names
}

/// A hold's, resolution's or cancellation's code as a message names it.
pub fn code_name(list: &str, code: &str) -> String {
    format!("{list} code {code}")
}

/// The fields of a code with their values.
pub fn code_values(
    list: &str,
    code: &str,
    label: &str,
    behaviour: &str,
    position: i32,
    disabled: bool,
) -> Vec<(&'static str, Value)> {
    let behaviour = match behaviour {
        "" => Value::Nothing,
        word => Value::word(word),
    };
    vec![
        ("list", Value::word(list)),
        ("code", Value::word(code)),
        ("label", Value::text(label)),
        ("behaviour", behaviour),
        ("position", Value::Number(position.into())),
        ("disabled", Value::Flag(disabled)),
    ]
}

/// What has a name and no id gets an id made of the name.
fn named(kind: &'static str, name: &str) -> Subject {
    let digest = secrets::sha256(format!("{kind}/{name}").as_bytes());
    let mut half = [0; 16];
    half.iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    Subject {
        kind,
        id: Uuid::from_bytes(half),
    }
}
