//! Where Northgate is, what it runs, and who supplies it.

use std::collections::HashMap;

use super::cast::Cast;
use super::catalogue::Catalogue;
use crate::items::{Environment, Item};
use crate::people::actions::{By, add_location, add_organisation};
use crate::people::{Location, LocationForm, Organisation, OrganisationForm, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;
use crate::settings::actions::{add_item, add_need, add_supplier};
use crate::settings::{ItemForm, SupplierForm};

pub const SUPPLIERS: [&str; 4] = [
    "Payline",
    "Harrow Telecom",
    "Brightlabel",
    "Norsk Datautstyr",
];

const ORGANISATIONS: [&str; 3] = [
    "Northgate Retail",
    "Northgate Logistics",
    "Northgate Digital",
];

/// The first is the head office, where the staff work.
const LOCATIONS: [(&str, &str); 7] = [
    ("Head office", "2 Wharf Street, Leeds"),
    ("Store 012 York", "18 Coney Street, York"),
    ("Store 031 Dublin", "77 Henry Street, Dublin"),
    ("Store 114 Bergen", "Strandgaten 15, Bergen"),
    ("Store 140 Porto", "Rua de Santa Catarina 312, Porto"),
    ("Warehouse Doncaster", "Unit 4, Railport, Doncaster"),
    ("Warehouse Utrecht", "Atoomweg 60, Utrecht"),
];

/// Name, class, team and service (both as in `cast` and `catalogue`), what it depends on.
const ITEMS: [(&str, &str, usize, &str, &[&str]); 20] = [
    (
        "SRV-DB-01",
        "Database server",
        3,
        "Stock",
        &["SAN-LDS-01", "SRV-DB-02"],
    ),
    (
        "SRV-DB-02",
        "Database server",
        3,
        "Stock",
        &["SAN-LDS-01", "SRV-DB-01"],
    ),
    ("SAN-LDS-01", "Storage", 3, "File shares", &["SW-LDS-CORE"]),
    ("SRV-FILE-01", "Server", 3, "File shares", &["SAN-LDS-01"]),
    (
        "SRV-MAIL-01",
        "Server",
        3,
        "Email",
        &["SAN-LDS-01", "SRV-IDP-01"],
    ),
    ("SRV-IDP-01", "Server", 6, "Sign-in", &["SW-LDS-CORE"]),
    ("SW-LDS-CORE", "Network switch", 2, "Wireless network", &[]),
    (
        "VPN-LDS-01",
        "Firewall",
        2,
        "Remote access",
        &["SW-LDS-CORE", "SRV-IDP-01"],
    ),
    (
        "WLC-LDS-01",
        "Wireless controller",
        2,
        "Wireless network",
        &["SW-LDS-CORE"],
    ),
    (
        "PBX-LDS-01",
        "Telephone system",
        2,
        "Telephony",
        &["SW-LDS-CORE"],
    ),
    (
        "SHOP-WEB-01",
        "Application",
        7,
        "Web shop",
        &["SRV-DB-01", "PAY-GW-01"],
    ),
    ("SHOP-WEB-STG", "Application", 7, "Web shop", &["SRV-DB-02"]),
    (
        "PAY-GW-01",
        "Application",
        4,
        "Card payments",
        &["SW-LDS-CORE"],
    ),
    ("ERP-STOCK", "Application", 5, "Stock", &["SRV-DB-01"]),
    ("ERP-PAYROLL", "Application", 5, "Payroll", &["SRV-DB-02"]),
    (
        "PRN-DON-07",
        "Label printer",
        1,
        "Warehouse print",
        &["ERP-STOCK"],
    ),
    ("TILL-0012-01", "Till", 4, "Store tills", &["PAY-GW-01"]),
    ("TILL-0114-06", "Till", 4, "Store tills", &["PAY-GW-01"]),
    ("TILL-0140-02", "Till", 4, "Store tills", &["PAY-GW-01"]),
    ("MON-LDS-01", "Application", 3, "Monitoring", &["SRV-DB-02"]),
];

/// Organisations and locations, in the order of their lists.
pub struct Places {
    pub organisations: Vec<Id<Organisation>>,
    pub locations: Vec<Id<Location>>,
}

impl Places {
    pub fn create(w: &mut Write<'_>, ctx: &Ctx) -> Result<Self> {
        let mut places = Places {
            organisations: Vec::new(),
            locations: Vec::new(),
        };
        for name in ORGANISATIONS {
            let form = OrganisationForm {
                name: name.to_owned(),
                disabled: false,
            };
            let organisation = add_organisation(w, By::Command, ctx, &form)?;
            places.organisations.push(organisation.id);
        }
        for (name, address) in LOCATIONS {
            let form = LocationForm {
                name: name.to_owned(),
                address: address.to_owned(),
                disabled: false,
            };
            let location = add_location(w, By::Command, ctx, &form)?;
            places.locations.push(location.id);
        }
        Ok(places)
    }

    /// Where a caller belongs, by their place in the list.
    pub fn of_caller(&self, place: usize) -> (Option<Id<Organisation>>, Option<Id<Location>>) {
        let location = place % self.locations.len().max(1);
        let organisation = match location {
            5 | 6 => 1,
            0 => place % self.organisations.len().max(1),
            _ => 0,
        };
        (
            self.organisations.get(organisation).copied(),
            self.locations.get(location).copied(),
        )
    }
}

/// Adds suppliers and items, and gives back the items of each service.
pub fn create(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    cast: &Cast,
    catalogue: &Catalogue,
) -> Result<HashMap<&'static str, Vec<Id<Item>>>> {
    for name in SUPPLIERS {
        let form = SupplierForm {
            name: name.to_owned(),
            phone: "+44 20 7946 0100".to_owned(),
            mail: format!("support@{}.example", name.to_lowercase().replace(' ', "-")),
            disabled: false,
        };
        add_supplier(w, visitor, ctx, &form)?;
    }
    let mut by_name: HashMap<&str, Id<Item>> = HashMap::new();
    let mut of_service: HashMap<&'static str, Vec<Id<Item>>> = HashMap::new();
    for (name, class, team, service, _) in ITEMS {
        let environment = if name.ends_with("STG") {
            Environment::Staging
        } else {
            Environment::Production
        };
        let form = ItemForm {
            name: name.to_owned(),
            class: class.to_owned(),
            environment: environment.word().to_owned(),
            team: cast.teams.get(team).copied(),
            service: catalogue.services.get(service).copied(),
            disabled: false,
        };
        let item = add_item(w, visitor, ctx, &form)?;
        by_name.insert(name, item.id);
        of_service.entry(service).or_default().push(item.id);
    }
    for (name, _, _, _, needs) in ITEMS {
        for need in needs {
            if let (Some(item), Some(need)) = (by_name.get(name), by_name.get(need)) {
                add_need(w, visitor, ctx, *item, *need)?;
            }
        }
    }
    Ok(of_service)
}
