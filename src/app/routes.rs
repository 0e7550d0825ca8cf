//! Every route, slice by slice. The access matrix test reads its list from [`all`].

use actix_web::web::ServiceConfig;

use crate::platform::web::assets;
use crate::{
    approvals, changes, incidents, notifications, people, portal, postmortems, problems, records,
    reports, search, settings,
};

/// Mounts every page.
pub fn all(cfg: &mut ServiceConfig) {
    cfg.configure(assets::routes)
        .configure(super::server::health)
        .configure(people::pages::routes)
        .configure(changes::pages::routes)
        .configure(problems::pages::routes)
        .configure(postmortems::pages::routes)
        .configure(records::pages::routes)
        .configure(incidents::pages::routes)
        .configure(search::pages::routes)
        .configure(notifications::routes)
        .configure(approvals::routes)
        .configure(portal::routes)
        .configure(reports::routes)
        .configure(settings::routes);
}
