//! The pages of approvals: what waits for somebody, a record's rounds with the vote, one-time links,
//! delegations. Policies and boards are in the settings.

mod delegations;
mod link;
mod mine;
mod round;
mod view;

use actix_web::web::{ServiceConfig, get, post, resource};

use crate::records::pages::SCOPE;

pub fn routes(cfg: &mut ServiceConfig) {
    let under = |what: &str| format!("{SCOPE}/rounds/{{round}}/{what}");
    cfg.route("/approvals", get().to(mine::list))
        .service(
            resource("/approvals/delegations")
                .get(delegations::show)
                .post(delegations::give),
        )
        .route(
            "/approvals/delegations/{id}/end",
            post().to(delegations::end),
        )
        .service(
            resource("/approvals/links/{token}")
                .get(link::open)
                .post(link::answer),
        )
        .route(&format!("{SCOPE}/approval"), get().to(round::show))
        .route(&under("votes"), post().to(round::vote))
        .route(&under("withdrawals"), post().to(round::withdraw))
        .route(&under("meetings"), post().to(round::meet))
        .route(&under("contests"), post().to(round::contest))
        .route(&under("suspension"), post().to(round::suspend))
        .route(&under("continuation"), post().to(round::go_on))
        .route(&under("answers"), post().to(round::answer))
        .route(&under("conditions"), post().to(round::tick))
        .route(&under("links"), post().to(link::make));
}
