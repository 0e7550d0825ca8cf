//! The pages of reports, for those who answer for a team. A team's lead reads one of them: the breaches of
//! theirs that nobody has explained.

mod ageing;
mod ask;
mod chart;
mod clocks;
mod due;
mod exemptions;
mod frame;
mod periods;
mod sla;
mod times;
mod waiting;
mod work;

use actix_web::web::{ServiceConfig, get, post, resource};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/reports", get().to(sla::first))
        .route("/reports/sla", get().to(sla::show))
        .route("/reports/sla.csv", get().to(sla::download))
        .route("/reports/clocks", get().to(clocks::list))
        .route("/reports/clocks.csv", get().to(clocks::download))
        .route("/reports/breaches", get().to(clocks::breaches))
        .route("/reports/breaches.csv", get().to(clocks::download_breaches))
        .route("/reports/times", get().to(times::show))
        .route("/reports/actions", get().to(ageing::show))
        .route("/reports/actions.csv", get().to(ageing::download))
        .route("/reports/work", get().to(work::show))
        .route("/reports/waiting", get().to(waiting::show))
        .route("/reports/records", get().to(work::records))
        .service(resource("/reports/due").get(due::show).post(due::assign))
        .service(
            resource("/reports/unexplained")
                .get(clocks::unexplained)
                .post(clocks::explain),
        )
        .route("/reports/exemptions/new", get().to(exemptions::new))
        .service(
            resource("/reports/exemptions")
                .get(exemptions::list)
                .post(exemptions::ask),
        )
        .route(
            "/reports/exemptions/{record}/{clock}/approval",
            post().to(exemptions::approve),
        )
        .service(
            resource("/reports/periods")
                .get(periods::list)
                .post(periods::close),
        )
        .route("/reports/periods/{id}", get().to(periods::show))
        .route(
            "/reports/periods/{id}/figures.csv",
            get().to(periods::download),
        );
}
