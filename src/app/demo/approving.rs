//! Who approves Northgate's changes: those who look after what is touched, the services' owners, and
//! the change advisory board.

use super::cast::Cast;
use crate::approvals::Part;
use crate::approvals::actions::{BoardForm, Wanted, add_board, save_policy};
use crate::approvals::terms::{Count, Covers, Entry, Policy, Stage, Who};
use crate::people::{Person, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::platform::kernel::text;

/// Places in the staff: who presides, who else is of the board, who steps in.
const CHAIR: usize = 3;
const MEMBERS: [usize; 6] = [3, 4, 12, 15, 17, 25];
const STAND_INS: [usize; 3] = [3, 15, 20];

pub fn create(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, cast: &Cast) -> Result<()> {
    let id = |place: usize| cast.staff.get(place).map(|person| person.id);
    let board = BoardForm {
        name: "Change advisory board".to_owned(),
        chair: id(CHAIR),
        members: MEMBERS.iter().filter_map(|place| id(*place)).collect(),
        disabled: false,
    };
    let board = Who::Board(add_board(w, visitor, ctx, &board)?.id.uuid());
    let stand_ins: Vec<Id<Person>> = STAND_INS.iter().filter_map(|place| id(*place)).collect();
    for policy in policies(&board, &stand_ins) {
        save_policy(w, visitor, ctx, &Wanted { id: None, policy })?;
    }
    Ok(())
}

fn policies(board: &Who, stand_ins: &[Id<Person>]) -> [Policy; 3] {
    let technical = Stage {
        reopened_by: Part::ALL.to_vec(),
        ..stage("Technical", Who::ItemsTeam, Count::Any, &[], stand_ins)
    };
    let owner = stage(
        "Service owner",
        Who::ServiceOwner,
        Count::All,
        &["Technical"],
        stand_ins,
    );
    let cab = |count, deadline| Stage {
        meeting: true,
        deadline,
        ..stage(
            "Change board",
            board.clone(),
            count,
            &["Service owner"],
            &[],
        )
    };
    let careful = Stage {
        reauthenticate: true,
        ..cab(Count::Of(3), None)
    };
    let quick = Stage {
        after: Vec::new(),
        ..cab(Count::Any, Some(4))
    };
    let stages = [technical, owner];
    let with = |last: Stage| stages.iter().cloned().chain([last]).collect();
    [
        policy(
            "Normal changes",
            "normal",
            None,
            with(cab(Count::Of(2), None)),
        ),
        policy("High-risk changes", "normal", Some("high"), with(careful)),
        policy("Emergency changes", "emergency", None, vec![quick]),
    ]
}

fn policy(name: &str, change_type: &str, risk: Option<&str>, stages: Vec<Stage>) -> Policy {
    Policy {
        name: name.to_owned(),
        covers: Covers {
            record: "change".to_owned(),
            change_type: Some(change_type.to_owned()),
            risk: risk.map(str::to_owned),
            ..Covers::default()
        },
        stages,
    }
}

fn stage(name: &str, who: Who, count: Count, after: &[&str], stand_ins: &[Id<Person>]) -> Stage {
    Stage {
        key: text::fold(name),
        name: name.to_owned(),
        after: after.iter().map(|name| text::fold(name)).collect(),
        seats: vec![Entry {
            who,
            mandatory: false,
            veto: false,
        }],
        count,
        alternates: stand_ins.iter().map(|id| Who::Person(id.uuid())).collect(),
        meeting: false,
        reopened_by: Part::USUAL.to_vec(),
        deadline: None,
        reminder: Some(24),
        reauthenticate: false,
    }
}
