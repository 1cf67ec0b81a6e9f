//! Campaigns as pictures for people: [`text`] in a terminal, [`svg`] in a document. Both show days from top to bottom
//! and hours from left to right, with quiet hours shaded and the worst stretch marked; [`Scene`] is what they draw.

mod scene;
mod svg;
mod text;

pub use scene::Scene;
pub use svg::svg;
pub use text::text;
