//! How parts of a record look on every page: its state's word and glyph, its priority.

use std::borrow::Cow;

use super::rules;
use crate::platform::web::icon::Icon;
use crate::platform::words::Words;

/// A state's word in the reader's language.
pub fn state_label(t: Words, state: &str) -> Cow<'static, str> {
    let mut key = String::with_capacity(24);
    key.push_str("state-");
    key.extend(state.chars().map(|c| if c == '_' { '-' } else { c }));
    t.s(&key)
}

/// A state's glyph: dashed ring, ring, half, pause, tick, disc. States of one meaning share one.
pub fn state_icon(state: &str) -> Icon {
    Icon::line(match state {
        "new" | "draft" => "s-new",
        "assigned" | "assessment" | "fix_planned" => "s-asg",
        "waiting" | "awaiting_approval" => "s-wait",
        "scheduled" => "clock",
        "verifying" | "review" => "eye",
        "resolved" | "fulfilled" => "s-res",
        "closed" => "s-done",
        "rejected" | "cancelled" => "x",
        _ => "s-prog",
    })
}

/// `P1` for the highest.
pub fn priority_label(priority: i32) -> String {
    format!("P{priority}")
}

/// Said of a record that went from hand to hand.
pub fn handed_often(t: Words, handoffs: i32) -> Option<String> {
    (handoffs >= rules::MANY_HANDOFFS).then(|| t.n("handed-often", handoffs))
}
