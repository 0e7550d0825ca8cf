//! Who was there, and the words in which they tell it.

use crate::postmortems::rules::actions::ActionKind;
use crate::postmortems::rules::sections::Section;

/// By place in the staff: who takes the call, who leads the team of the stores, who works there, and who
/// reads what others wrote.
pub const TAKES_CALLS: usize = 0;
pub const LEADS: usize = 17;
pub const LOOKS_INTO_IT: usize = 18;
pub const HELPS: usize = 19;
pub const REVIEWS: usize = 25;
/// The team of the stores.
pub const STORES: usize = 4;

/// Who writes, what of it, and how.
pub const SECTIONS: [(usize, Section, &str); 10] = [
    (
        LOOKS_INTO_IT,
        Section::Summary,
        "For an hour and ten minutes fourteen stores took no cards: both payment gateways had run out of \
         memory, and the second took over sessions that the first had not let go of.",
    ),
    (
        LOOKS_INTO_IT,
        Section::Impact,
        "Fourteen stores in the north. About 2,300 customers paid cash or left their baskets.",
    ),
    (
        LOOKS_INTO_IT,
        Section::WhatHappened,
        "The first gateway began to swap at opening time. Readers showed *connecting* and then \
         *declined*. The second gateway took over and filled within six minutes. Both were restarted one \
         after the other; readers that were switched off and on came back at once.",
    ),
    (
        LEADS,
        Section::Surprise,
        "We took the second gateway for a safety net. Under load it had the same trouble six minutes later.",
    ),
    (
        LEADS,
        Section::WentWell,
        "Store managers sent word by the second call. Tills took cash throughout.",
    ),
    (
        LEADS,
        Section::DidNotGoWell,
        "Nobody at the desk could see the gateways' memory. The supplier was reached after forty minutes.",
    ),
    (
        LEADS,
        Section::Luck,
        "It was a Tuesday. On a Saturday three times as many people would have stood at the tills.",
    ),
    (
        LOOKS_INTO_IT,
        Section::Detection,
        "By phone, eleven minutes after the first error in the log. The gateways have no alert.",
    ),
    (
        LEADS,
        Section::Questions,
        "Why does the gateway keep sessions that have ended? The supplier looks into it.",
    ),
    (
        LEADS,
        Section::Outside,
        "Card payments failed for an hour and ten minutes. They work again, and we are changing two things \
         so that you would notice less of it the next time.",
    ),
];

/// Kind, what contributed, how it is known.
pub const FACTORS: [(&str, &str, &str); 3] = [
    (
        "capacity",
        "Sessions that have ended stay in the gateway's memory until it is restarted.",
        "Memory graphs of both gateways, the supplier's case 77-4120",
    ),
    (
        "detection",
        "No alert looks at the memory of the gateways.",
        "List of alerts in Monitoring",
    ),
    (
        "process",
        "How to restart a gateway while stores are open is written down nowhere.",
        "",
    ),
];

/// Title, what it does, who has it, days from now it is due in, and how it is verified.
pub const ITEMS: [(&str, ActionKind, usize, i64, &str); 5] = [
    (
        "Alert at 85 % of a payment gateway's memory",
        ActionKind::Detect,
        LOOKS_INTO_IT,
        -6,
        "The alert fires in a drill",
    ),
    (
        "Restart the gateways in turn, without a store noticing",
        ActionKind::Mitigate,
        HELPS,
        -3,
        "Twenty test payments go through during a restart",
    ),
    (
        "Bring the supplier's release that lets ended sessions go",
        ActionKind::Prevent,
        LOOKS_INTO_IT,
        9,
        "Memory stays level over a week",
    ),
    (
        "A printed list of who phones which store",
        ActionKind::Process,
        LEADS,
        5,
        "It hangs at the desk",
    ),
    (
        "Write down how a gateway is restarted",
        ActionKind::Process,
        HELPS,
        6,
        "Somebody else does it by the page alone",
    ),
];
