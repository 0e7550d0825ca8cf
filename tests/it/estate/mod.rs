//! Where people belong, what calls are about, and who supplies it: administered in pages, brought by
//! file, named on records.

mod belongs;
mod files;
mod items;
mod records;

use andon::items::{Item, Supplier, items_by_keys};
use andon::people::actions::{By, add_location, add_organisation, edit_person};
use andon::people::meanwhile::Edit;
use andon::people::{
    Location, LocationForm, Organisation, OrganisationForm, PersonForm, find_location_by_name,
    find_person,
};
use andon::platform::db::Id;
use andon::settings::actions::{add_item, add_need, add_supplier};
use andon::settings::{ItemForm, SupplierForm};

use crate::app::{App, Desk};

/// Files with a row of every sort.
pub const PEOPLE_CSV: &str = "name,mail,staff_number,organisation,location,vip,shoe size\n\
    Rita Reyes,rita.reyes@example.org,,Northgate,Store 114,yes,38\n\
    Omar Nasser,omar.nasser@example.org,,,,,\n\
    Nia New,nia@example.org,N1,Northgate Digital,Store 9,,\n\
    Nobody,,,,,,\n";
pub const ITEMS_CSV: &str = "name,class,environment,depends_on\n\
    SRV-DB-01,Database server,production,\n\
    SRV-WEB-01,Server,test,SRV-DB-01\n\
    SRV-WEB-02,Server,nowhere,\n";

/// One of everything: a till that needs a database, at a store of an organisation.
pub struct Estate {
    pub organisation: Id<Organisation>,
    pub location: Id<Location>,
    pub supplier: Id<Supplier>,
    pub item: Id<Item>,
    pub needed: Id<Item>,
}

impl Estate {
    /// The id that a path of the settings means.
    pub fn id(&self, pattern: &str) -> Option<String> {
        let of = |slice: &str| pattern.starts_with(&format!("/settings/{slice}"));
        if of("organisations") {
            Some(self.organisation.to_string())
        } else if of("locations") {
            Some(self.location.to_string())
        } else if of("suppliers") {
            Some(self.supplier.to_string())
        } else if of("items") {
            Some(self.item.to_string())
        } else {
            None
        }
    }
}

/// Whether a route is about the estate.
pub fn of_estate(pattern: &str) -> bool {
    ["organisations", "locations", "suppliers", "items"]
        .iter()
        .any(|slice| pattern.starts_with(&format!("/settings/{slice}")))
}

/// Makes the estate, once; the requester belongs to it.
pub fn estate(app: &App, desk: &Desk) -> Estate {
    if let Some(there) = there(app) {
        return there;
    }
    app.act(&desk.administrator, |w, v, ctx| {
        let by = By::Visitor(v);
        let form = OrganisationForm {
            name: "Northgate".into(),
            disabled: false,
        };
        let organisation = add_organisation(w, by, ctx, &form)?.id;
        let form = LocationForm {
            name: "Store 114".into(),
            address: "Strandgaten 15, Bergen".into(),
            disabled: false,
        };
        let location = add_location(w, by, ctx, &form)?.id;
        let form = SupplierForm {
            name: "Payline".into(),
            ..SupplierForm::default()
        };
        add_supplier(w, v, ctx, &form)?;
        let item = |name: &str, class: &str| ItemForm {
            name: name.into(),
            class: class.into(),
            environment: "production".into(),
            ..ItemForm::default()
        };
        let till = add_item(w, v, ctx, &item("TILL-0114-06", "Till"))?;
        let needed = add_item(w, v, ctx, &item("SRV-DB-01", "Database"))?;
        add_need(w, v, ctx, till.id, needed.id)?;
        let seen = PersonForm::of(&find_person(w, desk.requester.id)?);
        let asked = PersonForm {
            organisation: Some(organisation),
            location: Some(location),
            vip: true,
            ..seen.clone()
        };
        edit_person(w, by, ctx, desk.requester.id, &Edit { seen, asked })
    })
    .unwrap();
    there(app).unwrap()
}

fn there(app: &App) -> Option<Estate> {
    app.read(|r| {
        let Some(organisation) = andon::people::find_organisation_by_name(r, "Northgate")? else {
            return Ok(None);
        };
        let item = |r: &mut _, key: &str| items_by_keys(r, &[key.to_owned()]).map(|f| f[0].id);
        Ok(Some(Estate {
            organisation: organisation.id,
            location: find_location_by_name(r, "Store 114")?.unwrap().id,
            supplier: andon::items::find_supplier_by_name(r, "Payline")?
                .unwrap()
                .id,
            item: item(r, "till-0114-06")?,
            needed: item(r, "srv-db-01")?,
        }))
    })
}

/// `andon verify` finds nothing.
fn assert_whole(app: &App) {
    let mut lines = Vec::new();
    let mut line = |line: &str| lines.push(line.to_owned());
    andon::app::verify::run(&app.site.store, &[], &mut line).unwrap();
    // The cast of the stories is made without facts: its members, its administrator, its desk.
    lines.retain(|line| {
        let of_the_cast = line.starts_with("team ") || line.starts_with("setting ");
        !of_the_cast && !line.contains("it has no facts in the journal")
    });
    assert_eq!(lines, Vec::<String>::new(), "on {:?}", app.backend());
}
