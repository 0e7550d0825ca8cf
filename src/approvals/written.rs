//! Seats as people write them in a policy's form, one a line: `person ada@example.org, must`,
//! `team Network`, `board Change advisory board, veto`, `service owner`, `item teams`, `line manager`.

use std::fmt;
use std::str::FromStr;

use super::terms::{Entry, Who};

/// A seat as written. People, teams and boards are named; who that is, is for somebody else to find out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenSeat {
    pub who: WrittenWho,
    pub mandatory: bool,
    pub veto: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrittenWho {
    Person(String),
    Team(String),
    Board(String),
    /// A part somebody has to a record; never a person, team or board.
    Role(Who),
}

/// A line that says nothing we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASeat;

const ROLES: [(&str, Who); 3] = [
    ("service owner", Who::ServiceOwner),
    ("item teams", Who::ItemsTeam),
    ("line manager", Who::LineManager),
];
const MUST: &str = "must";
const VETO: &str = "veto";

impl FromStr for WrittenSeat {
    type Err = NotASeat;

    fn from_str(line: &str) -> Result<Self, NotASeat> {
        let mut rest = line.trim();
        let (mut mandatory, mut veto) = (false, false);
        while let Some((before, word)) = rest.rsplit_once(',') {
            match word.trim() {
                MUST if !mandatory => mandatory = true,
                VETO if !veto => veto = true,
                _ => break,
            }
            rest = before.trim_end();
        }
        let role = ROLES.iter().find(|(word, _)| *word == rest);
        let who = match (role, rest.split_once(' ')) {
            (Some((_, who)), _) => WrittenWho::Role(who.clone()),
            (None, Some((what, name))) if !name.trim().is_empty() => {
                let name = name.trim().to_owned();
                match what {
                    "person" => WrittenWho::Person(name),
                    "team" => WrittenWho::Team(name),
                    "board" => WrittenWho::Board(name),
                    _ => return Err(NotASeat),
                }
            }
            _ => return Err(NotASeat),
        };
        Ok(Self {
            who,
            mandatory,
            veto,
        })
    }
}

impl fmt::Display for WrittenSeat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.who {
            WrittenWho::Person(name) => write!(f, "person {name}")?,
            WrittenWho::Team(name) => write!(f, "team {name}")?,
            WrittenWho::Board(name) => write!(f, "board {name}")?,
            WrittenWho::Role(who) => {
                let role = ROLES.iter().find(|(_, role)| role == who);
                f.write_str(role.map_or("", |(word, _)| *word))?;
            }
        }
        if self.mandatory {
            write!(f, ", {MUST}")?;
        }
        if self.veto {
            write!(f, ", {VETO}")?;
        }
        Ok(())
    }
}

/// A seat as it is written; `name` says what people, teams and boards are called.
pub fn write(entry: &Entry, name: &dyn Fn(&Who) -> String) -> String {
    let who = match &entry.who {
        Who::Person(_) => WrittenWho::Person(name(&entry.who)),
        Who::Team(_) => WrittenWho::Team(name(&entry.who)),
        Who::Board(_) => WrittenWho::Board(name(&entry.who)),
        role => WrittenWho::Role(role.clone()),
    };
    WrittenSeat {
        who,
        mandatory: entry.mandatory,
        veto: entry.veto,
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_write() {
        let seat: WrittenSeat = " person Ada Okafor, must, veto ".parse().unwrap();
        assert_eq!(seat.who, WrittenWho::Person("Ada Okafor".into()));
        assert!(seat.mandatory && seat.veto);
        // A comma in a name is part of it.
        let team: WrittenSeat = "team Servers, storage".parse().unwrap();
        assert_eq!(team.who, WrittenWho::Team("Servers, storage".into()));
        let owner: WrittenSeat = "service owner".parse().unwrap();
        assert_eq!(owner.who, WrittenWho::Role(Who::ServiceOwner));
        for wrong in [
            "",
            "Ada",
            "team",
            "team ",
            "anybody at all",
            "service owners",
        ] {
            assert_eq!(wrong.parse::<WrittenSeat>(), Err(NotASeat), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(name in "[a-zA-Z][a-zA-Z .@-]{0,20}[a-zA-Z]", must: bool, veto: bool) {
            let seat = WrittenSeat { who: WrittenWho::Board(name), mandatory: must, veto };
            prop_assert_eq!(seat.to_string().parse(), Ok(seat));
        }

        #[test]
        fn any_line_is_a_seat_or_none(line in "\\PC{0,60}") {
            let _ = line.parse::<WrittenSeat>();
        }
    }
}
