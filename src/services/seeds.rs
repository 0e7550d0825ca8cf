//! What every desk begins with. The migration writes it before there is anybody to write a fact for,
//! so verifying starts from it: what stands otherwise without a fact was not changed by the product.
//! (An empty database verifies as whole only while this and the migration agree.)

use uuid::Uuid;

use super::fields::{
    ADMINISTRATORS, ALLOWANCES, CHANGE_BLOCKING, CHANGE_CONFIRM_HOURS, CHANGES,
    CLOSE_AFTER_DAYS as DAYS, CONFIRM_HOURS, DEFAULT_IMPACT, DEFAULT_URGENCY, DESK_TEAM,
    FAIR_ORDER, FAIR_TEAMS, GENERAL, MATRIX, about_code, about_setting, cell, code_name,
    code_values, level_values,
};
use super::model::{CodeList, Scale};
use crate::journal::Value;
use crate::journal::verify::Seed;

/// Days after which what is resolved closes, where nobody set them.
pub const CLOSE_AFTER_DAYS: &str = "5";
/// The zone of new people, where nobody set it.
pub const ZONE: &str = "UTC";

/// List, code, label, behaviour, position.
type CodeSeed = (CodeList, &'static str, &'static str, &'static str, i32);

const CODES: &[CodeSeed] = &[
    (CodeList::Hold, "requester", "Requester", "requester", 1),
    (
        CodeList::Hold,
        "appointment",
        "Agreed appointment",
        "appointment",
        2,
    ),
    (CodeList::Hold, "supplier", "Supplier", "supplier", 3),
    (CodeList::Hold, "change", "Change", "change", 4),
    (CodeList::Hold, "problem", "Problem", "problem", 5),
    (CodeList::Hold, "other", "Other", "other", 6),
    (CodeList::Resolution, "fixed", "Fixed", "", 1),
    (
        CodeList::Resolution,
        "workaround",
        "Workaround given",
        "",
        2,
    ),
    (
        CodeList::Resolution,
        "advice",
        "Advice or training given",
        "",
        3,
    ),
    (
        CodeList::Resolution,
        "supplier_fixed",
        "Fixed by the supplier",
        "",
        4,
    ),
    (
        CodeList::Resolution,
        "not_reproducible",
        "Could not be reproduced",
        "",
        5,
    ),
    (
        CodeList::Resolution,
        "no_answer",
        "No answer from requester",
        "",
        6,
    ),
    (
        CodeList::Resolution,
        "risk_accepted",
        "Risk accepted",
        "",
        7,
    ),
    (CodeList::Cancellation, "wont_do", "Will not be done", "", 5),
    (CodeList::Factor, "change", "Change", "", 1),
    (CodeList::Factor, "defect", "Defect in software", "", 2),
    (CodeList::Factor, "hardware", "Hardware", "", 3),
    (CodeList::Factor, "configuration", "Configuration", "", 4),
    (CodeList::Factor, "capacity", "Capacity or load", "", 5),
    (
        CodeList::Factor,
        "dependency",
        "Something it depends on",
        "",
        6,
    ),
    (CodeList::Factor, "supplier", "Supplier", "", 7),
    (
        CodeList::Factor,
        "detection",
        "Detection and monitoring",
        "",
        8,
    ),
    (CodeList::Factor, "process", "Process", "", 9),
    (
        CodeList::Factor,
        "knowledge",
        "Knowledge and documentation",
        "",
        10,
    ),
    (CodeList::Factor, "communication", "Communication", "", 11),
    (
        CodeList::Factor,
        "environment",
        "Surroundings: power, cooling, site",
        "",
        12,
    ),
    (CodeList::Cancellation, "duplicate", "Duplicate", "", 1),
    (CodeList::Cancellation, "withdrawn", "Withdrawn", "", 2),
    (
        CodeList::Cancellation,
        "raised_in_error",
        "Raised in error",
        "",
        3,
    ),
    (
        CodeList::Cancellation,
        "reclassified",
        "Re-classified",
        "",
        4,
    ),
];

const LEVELS: &[(Scale, i32, &str, &str)] = &[
    (
        Scale::Impact,
        1,
        "High",
        "the whole company, or a major site",
    ),
    (Scale::Impact, 2, "Medium", "many people, or a team"),
    (Scale::Impact, 3, "Low", "one person"),
    (Scale::Urgency, 1, "High", "cannot work"),
    (Scale::Urgency, 2, "Medium", "can limp on"),
    (Scale::Urgency, 3, "Low", "can wait"),
    (Scale::Priority, 1, "Critical", ""),
    (Scale::Priority, 2, "High", ""),
    (Scale::Priority, 3, "Moderate", ""),
    (Scale::Priority, 4, "Low", ""),
];

/// Impact, urgency, priority.
const CELLS: [(i32, i32, i64); 9] = [
    (1, 1, 1),
    (1, 2, 2),
    (2, 1, 2),
    (2, 2, 3),
    (3, 1, 3),
    (1, 3, 3),
    (2, 3, 4),
    (3, 2, 4),
    (3, 3, 4),
];

/// The codes every desk begins with, by their subjects.
pub(super) fn codes() -> Vec<(Uuid, Seed)> {
    CODES
        .iter()
        .map(|(list, code, label, behaviour, position)| {
            let seed = Seed {
                name: code_name(list.word(), code),
                fields: code_values(list.word(), code, label, behaviour, *position, false),
            };
            (about_code(list.word(), code).id, seed)
        })
        .collect()
}

/// The settings every desk begins with, by their subjects.
pub(super) fn settings() -> Vec<(Uuid, Seed)> {
    let mut settings = vec![
        (
            GENERAL,
            vec![
                (DAYS, Value::word(CLOSE_AFTER_DAYS)),
                ("zone", Value::word(ZONE)),
                (DEFAULT_IMPACT, Value::Nothing),
                (DEFAULT_URGENCY, Value::Nothing),
            ],
        ),
        (DESK_TEAM, vec![(DESK_TEAM, Value::Nothing)]),
        (ADMINISTRATORS, Vec::new()),
        (
            CHANGES,
            vec![
                (CHANGE_BLOCKING, Value::Nothing),
                (CHANGE_CONFIRM_HOURS, Value::word(CONFIRM_HOURS)),
            ],
        ),
    ];
    let hours = ALLOWANCES.map(|(_, field, hours)| (field, Value::Number(hours)));
    let mut fair = vec![(FAIR_TEAMS, Value::Nothing)];
    fair.extend(hours);
    settings.push((FAIR_ORDER, fair));
    let cells = CELLS.iter();
    let cells =
        cells.filter_map(|(i, u, priority)| Some((cell(*i, *u)?, Value::Number(*priority))));
    settings.push((MATRIX, cells.collect()));
    for scale in [Scale::Impact, Scale::Urgency, Scale::Priority] {
        let of = LEVELS.iter().filter(|(of, ..)| *of == scale);
        let values = of.flat_map(|(_, level, name, hint)| level_values(*level, name, hint));
        settings.push((scale.word(), values.collect()));
    }
    settings
        .into_iter()
        .map(|(name, fields)| {
            let name_shown = format!("setting {name}");
            (
                about_setting(name).id,
                Seed {
                    name: name_shown,
                    fields,
                },
            )
        })
        .collect()
}
