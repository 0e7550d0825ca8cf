//! What Northgate's desk supports, and the words it sorts calls by.

use std::collections::HashMap;

use super::cast::Cast;
use crate::people::Visitor;
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::services::{Category, Service};
use crate::settings::actions::{add_category, add_service};
use crate::settings::{CategoryForm, ServiceForm};

/// Name, criticality, the team that runs it, who owns it (places in `cast`).
pub const SERVICES: [(&str, i32, usize, usize); 18] = [
    ("Store tills", 1, 4, 17),
    ("Card payments", 1, 4, 17),
    ("Web shop", 1, 7, 25),
    ("Stock", 2, 5, 20),
    ("Payroll", 2, 5, 20),
    ("Warehouse print", 2, 1, 9),
    ("Wireless network", 2, 2, 12),
    ("Remote access", 2, 2, 12),
    ("Telephony", 2, 2, 12),
    ("Email", 2, 0, 15),
    ("File shares", 3, 3, 15),
    ("Monitoring", 3, 3, 15),
    ("Sign-in", 1, 6, 23),
    ("Access control", 3, 6, 23),
    ("Meeting rooms", 4, 0, 9),
    ("Devices", 3, 1, 9),
    ("Mobile", 3, 0, 9),
    ("Software", 4, 0, 9),
];

/// Name, and the team that takes it where that is not the service's.
pub const CATEGORIES: [(&str, Option<usize>); 24] = [
    ("Till", None),
    ("Payment terminal", None),
    ("Printer", Some(1)),
    ("Laptop", None),
    ("Monitor", Some(1)),
    ("Mobile phone", None),
    ("Display", None),
    ("Wi-Fi", Some(2)),
    ("VPN", Some(2)),
    ("Switch", Some(2)),
    ("Softphone", Some(2)),
    ("Telephone line", Some(2)),
    ("Server", Some(3)),
    ("Storage", Some(3)),
    ("Backup", Some(3)),
    ("Mail", None),
    ("Application", None),
    ("Interface", None),
    ("Report", None),
    ("Password", Some(0)),
    ("Account", Some(6)),
    ("Permission", Some(6)),
    ("Licence", None),
    ("Badge", Some(6)),
];

/// Services and categories by name.
pub struct Catalogue {
    pub services: HashMap<&'static str, Id<Service>>,
    pub categories: HashMap<&'static str, Id<Category>>,
}

impl Catalogue {
    pub fn create(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, cast: &Cast) -> Result<Self> {
        let mut services = HashMap::new();
        for (name, criticality, team, owner) in SERVICES {
            let form = ServiceForm {
                name: name.to_owned(),
                owner: cast.staff.get(owner).map(|person| person.id),
                team: cast.teams.get(team).copied(),
                criticality,
                disabled: false,
            };
            services.insert(name, add_service(w, visitor, ctx, &form)?.id);
        }
        let mut categories = HashMap::new();
        for (name, team) in CATEGORIES {
            let form = CategoryForm {
                name: name.to_owned(),
                team: team.and_then(|team| cast.teams.get(team).copied()),
                disabled: false,
            };
            categories.insert(name, add_category(w, visitor, ctx, &form)?.id);
        }
        Ok(Self {
            services,
            categories,
        })
    }
}
