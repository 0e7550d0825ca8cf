//! Who works at Northgate, a retailer with stores, warehouses and a head office.

use super::estate::Places;
use crate::people::actions::{By, add_member, add_person, add_team, set_password};
use crate::people::{Person, PersonForm, Roles, Team, TeamForm};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;

/// Of the head office, and the default for everybody.
pub const ZONE: &str = "Europe/London";

const AGENT: Roles = Roles::AGENT;
const LEAD: Roles = Roles::AGENT.with(Roles::MANAGER);

/// Name, roles, place in [`TEAMS`], zone, and whether the login is printed at the end.
pub struct Colleague {
    pub name: &'static str,
    pub roles: Roles,
    pub team: Option<usize>,
    zone: &'static str,
    pub shown: bool,
}

const fn of(name: &'static str, roles: Roles, team: usize) -> Colleague {
    Colleague {
        name,
        roles,
        team: Some(team),
        zone: ZONE,
        shown: false,
    }
}

impl Colleague {
    const fn shown(self) -> Self {
        Self {
            shown: true,
            ..self
        }
    }

    const fn in_zone(self, zone: &'static str) -> Self {
        Self { zone, ..self }
    }

    const fn of_no_team(self) -> Self {
        Self { team: None, ..self }
    }

    /// `noor.haddad@northgate.example`
    pub fn mail(&self) -> String {
        mail(self.name)
    }
}

/// The desk is the first. The lead of a team is the first of its staff who may manage.
pub const TEAMS: [&str; 8] = [
    "Service Desk",
    "Workplace and devices",
    "Network and telephony",
    "Servers and storage",
    "Store systems",
    "Business applications",
    "Identity and access",
    "Web shop",
];

pub const STAFF: [Colleague; 26] = [
    of("Noor Haddad", AGENT, 0).shown(),
    of("Tom Ellery", AGENT, 0).shown(),
    of("Ada Okafor", AGENT, 3).shown(),
    of("Henrik Solberg", LEAD, 0).in_zone("Europe/Oslo").shown(),
    of("Colette Brandt", Roles::APPROVER, 0)
        .of_no_team()
        .in_zone("Europe/Paris")
        .shown(),
    of("Ruth Calder", Roles::ADMINISTRATOR.with(AGENT), 0).shown(),
    of("Priyanka Desai", AGENT, 0),
    of("Jakub Nowak", AGENT, 0).in_zone("Europe/Warsaw"),
    of("Siobhán Kelly", AGENT, 0).in_zone("Europe/Dublin"),
    of("Mei-Ling Chow", LEAD, 1),
    of("Rafael Moura", AGENT, 1).in_zone("Europe/Lisbon"),
    of("Hannah Frost", AGENT, 1),
    of("Yusuf Demir", LEAD, 2),
    of("Lars Nygaard", AGENT, 2).in_zone("Europe/Oslo"),
    of("Chiara Bellini", AGENT, 2).in_zone("Europe/Rome"),
    of("Gareth Lloyd", LEAD, 3),
    of("Nadia Petrova", AGENT, 3),
    of("Sunniva Dahl", LEAD, 4).in_zone("Europe/Oslo"),
    of("Kwame Mensah", AGENT, 4),
    of("Eilidh Ross", AGENT, 4),
    of("Óscar Villar", LEAD, 5).in_zone("Europe/Madrid"),
    of("Beatrix Hollander", AGENT, 5),
    of("Anwar Siddiqui", AGENT, 5),
    of("Zofia Wrona", LEAD, 6).in_zone("Europe/Warsaw"),
    of("Daniel Osei", AGENT, 6),
    of("Ingrid Falk", LEAD, 7).in_zone("Europe/Stockholm"),
];

/// Everybody else who calls.
pub const CALLERS: [&str; 60] = [
    "Marta Olsen",
    "Ben Achterberg",
    "Dana Whitfield",
    "Priya Raman",
    "Luis Ferreira",
    "Aoife Brennan",
    "Jonas Weck",
    "Selma Duarte",
    "Owen Pryce",
    "Ivana Petrak",
    "Felix Amado",
    "Greta Lindqvist",
    "Mikkel Strand",
    "Lena Fuchs",
    "Martin Olander",
    "Zoë Ñandú",
    "Søren Østergaard",
    "Đorđe Živković",
    "Łukasz Zając",
    "Chloé Lefèvre",
    "François Noël",
    "Jürgen Weiß",
    "Ásta Þórsdóttir",
    "Agnès d’Aubigny",
    "Siân Hughes",
    "Nguyễn Thị Hương",
    "Trần Văn Minh",
    "王 小明",
    "佐藤 花子",
    "김 민준",
    "Ольга Смирнова",
    "Дмитро Коваль",
    "Γιώργος Παππάς",
    "أحمد منصور",
    "שרה לוי",
    "Ravi Shankaran",
    "Meera Iyer",
    "Fatima Zahra Alaoui",
    "Chidi Eze",
    "Amina Diallo",
    "Mohammed Al-Rashid",
    "Ewa Wiśniewska",
    "Tomáš Dvořák",
    "Péter Szabó",
    "Andreea Popescu",
    "João da Silva",
    "María José Núñez",
    "Thabo Nkosi",
    "Leilani Kahale",
    "Jean-Luc Moreau",
    "Katarzyna Zielińska",
    "Oğuz Kaya",
    "Elif Şahin",
    "Nils Håkansson",
    "Pilar Ibáñez",
    "Grace O’Connor",
    "Hamish MacLeod",
    "Bronwen Davies",
    "Tariq Aziz",
    "Yara Haddad",
];

/// The people and teams as they stand in the database.
pub struct Cast {
    /// In the order of [`STAFF`].
    pub staff: Vec<Person>,
    pub callers: Vec<Id<Person>>,
    /// In the order of [`TEAMS`].
    pub teams: Vec<Id<Team>>,
}

impl Cast {
    /// Who belongs to a team, by place in [`STAFF`].
    pub fn members(team: usize) -> Vec<usize> {
        let staff = STAFF.iter().enumerate();
        let members = staff.filter(|(_, colleague)| colleague.team == Some(team));
        members.map(|(place, _)| place).collect()
    }

    pub fn create(
        w: &mut Write<'_>,
        ctx: &Ctx,
        password_hash: &str,
        places: &Places,
    ) -> Result<Self> {
        let mut staff = Vec::new();
        for (place, colleague) in STAFF.iter().enumerate() {
            let form = PersonForm {
                name: colleague.name.to_owned(),
                mail: colleague.mail(),
                phone: format!("+44 113 496 0{:03}", 100 + place),
                staff_number: format!("N{:05}", 10_010 + place * 7),
                language: "en".to_owned(),
                zone: colleague.zone.to_owned(),
                roles: colleague.roles,
                organisation: places.organisations.first().copied(),
                location: places.locations.first().copied(),
                ..PersonForm::default()
            };
            let person = add_person(w, By::Command, ctx, &form)?;
            set_password(w, By::Command, ctx, person.id, password_hash)?;
            staff.push(person);
        }
        let mut callers = Vec::new();
        for (place, name) in CALLERS.iter().enumerate() {
            let (organisation, location) = places.of_caller(place);
            let form = PersonForm {
                name: (*name).to_owned(),
                mail: mail_of_caller(place),
                phone: format!("+44 1904 555 {:03}", 100 + place * 3),
                staff_number: format!("N{:05}", 20_000 + place * 13),
                language: "en".to_owned(),
                zone: ZONE.to_owned(),
                organisation,
                location,
                // Somebody who has the desk's ear, and whose calls show it.
                vip: place % 20 == 3,
                manager: callers.get(place / 8).copied().filter(|_| place % 8 > 0),
                ..PersonForm::default()
            };
            let caller = add_person(w, By::Command, ctx, &form)?;
            // The first of them signs in, to show what requesters see.
            if place == 0 {
                set_password(w, By::Command, ctx, caller.id, password_hash)?;
            }
            callers.push(caller.id);
        }
        let mut teams = Vec::new();
        for (place, name) in TEAMS.iter().enumerate() {
            let members: Vec<&Person> = Self::members(place)
                .into_iter()
                .filter_map(|member| staff.get(member))
                .collect();
            let lead = members
                .iter()
                .find(|person| person.roles().any_of(Roles::MANAGER));
            let form = TeamForm {
                name: (*name).to_owned(),
                lead: lead.map(|person| person.id),
                ..TeamForm::default()
            };
            let team = add_team(w, By::Command, ctx, &form)?;
            for member in &members {
                add_member(w, By::Command, ctx, team.id, member.id)?;
            }
            teams.push(team.id);
        }
        Ok(Self {
            staff,
            callers,
            teams,
        })
    }
}

fn mail(name: &str) -> String {
    format!("{}@northgate.example", local_part(name, 0))
}

/// Some callers work in a store and have no address of their own.
pub fn mail_of_caller(place: usize) -> String {
    match CALLERS.get(place) {
        Some(name) if place % 5 != 4 => {
            format!("{}@northgate.example", local_part(name, place))
        }
        _ => String::new(),
    }
}

/// A name as the part before the @; a number where its script has no Latin letters.
fn local_part(name: &str, place: usize) -> String {
    let words = crate::platform::kernel::text::words(name);
    let latin = words.join(".");
    if latin.is_ascii() && !latin.is_empty() {
        latin
    } else {
        format!("colleague.{place}")
    }
}
