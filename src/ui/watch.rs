//! View 1: panes in a grid, or one that fills the view.

mod foot;
mod tabs;

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    text::Line,
};

use super::{
    Cache, Role, Screen,
    line::{self, words},
    page::{Page, Shown},
    pane,
    spots::{Spot, Spots},
    widget::{row, text},
};
use crate::{
    app::{
        Action,
        mouse::Place,
        screen::{layout::Grid, watch},
    },
    base,
    dashboard::PaneId,
};

pub(super) fn draw(screen: Screen<'_>, body: Rect, buf: &mut Buffer, cache: &mut Cache) {
    if screen.app.world.plan.panes.is_empty() || body.is_empty() {
        return draw_empty(screen, body, buf);
    }
    let page = lay_out(screen, body);
    for (id, area) in &page.panes {
        cache.refresh(screen.app, screen.theme, *id, *area);
    }
    draw_page(&page, buf, cache);
    draw_words(&page, buf);
}

/// The panes that have changed since this was asked last, each with what its neighbours have of its frame; all of the
/// view when it is laid out in another way.
pub(super) fn patches(screen: Screen<'_>, body: Rect, cache: &mut Cache) -> Vec<Buffer> {
    if screen.app.world.plan.panes.is_empty() || body.is_empty() {
        cache.forget_screen();
        let mut whole = Buffer::empty(body);
        draw_empty(screen, body, &mut whole);
        return vec![whole];
    }
    let page = lay_out(screen, body);
    let refresh = |(id, area): &(PaneId, Rect)| Some((*id, cache.refresh(screen.app, screen.theme, *id, *area)?));
    let shown = Shown { page: page.clone(), drawn: page.panes.iter().filter_map(refresh).collect() };
    let places = match &cache.shown {
        Some(before) if before.page.is_laid_out_as(&page) => shown.places_changed_since(before),
        _ => vec![body],
    };
    cache.shown = Some(shown);
    let mut patches: Vec<Buffer> = places.into_iter().map(Buffer::empty).collect();
    patches.iter_mut().for_each(|patch| draw_page(&page, patch, cache));
    for (words, place) in &page.words {
        if patches.iter().any(|patch| patch.area.intersects(*place)) {
            let mut patch = Buffer::empty(*place);
            draw_page(&page, &mut patch, cache);
            line::put(&mut patch, *place, words);
            patches.push(patch);
        }
    }
    patches
}

/// The panes as they are in one place, once something that lay over them is gone.
pub(super) fn part(screen: Screen<'_>, body: Rect, place: Rect, cache: &Cache) -> Vec<Buffer> {
    if screen.app.world.plan.panes.is_empty() {
        return Vec::new();
    }
    let page = lay_out(screen, body);
    let patch = |place: Rect, words: Option<&Line<'_>>| {
        let mut patch = Buffer::empty(place);
        draw_page(&page, &mut patch, cache);
        if let Some(words) = words {
            line::put(&mut patch, place, words);
        }
        patch
    };
    let words = page.words.iter().map(|(words, place)| patch(*place, Some(words)));
    std::iter::once(patch(place, None)).chain(words).collect()
}

/// Notes the pane at a place, and what of it can be pointed at.
pub(super) fn note(screen: Screen<'_>, body: Rect, at: Position, cache: &Cache, spots: &Spots) {
    let page = lay_out(screen, body);
    // The focused one comes last: the lines that neighbours share are its own.
    if let Some((id, area)) = page.panes.iter().rev().find(|(_, area)| area.contains(at)) {
        spots.note(*area, Spot::Place(Place::Pane(*id)));
        cache.note(screen.app, screen.theme, (*id, *area), spots);
    }
}

fn lay_out(screen: Screen<'_>, body: Rect) -> Page {
    let app = screen.app;
    let Some(focus) = watch::focused(app).map(|pane| pane.id) else {
        return Page { panes: Vec::new(), words: Vec::new() };
    };
    if app.screen.watch.zoomed {
        let key = app.session.keymap.key(Action::Back);
        let (place, count) = tabs::place_among(app, focus);
        let back = if app.screen.watch.time.is_some() { String::new() } else { format!(" · {key} back") };
        let place = format!("{} of {count}{back}", place + 1);
        return Page { panes: vec![(focus, body)], words: words_below(screen, body, &place) };
    }
    let grid = Grid::of(body, &app.world.wishes());
    let page = grid.page_of(focus);
    let mut panes = grid.page(page).to_vec();
    // The focused one comes last, so that its frame is whole.
    panes.sort_by_key(|(id, _)| *id == focus);
    let (nth, pages) = grid.place_of(page);
    let place = if pages > 1 { format!("{}/{pages}", nth + 1) } else { String::new() };
    Page { panes, words: words_below(screen, body, &place) }
}

/// What stands in the lowest line of the frames. `place` says which pane or page is shown; it may be empty.
fn words_below(screen: Screen<'_>, body: Rect, place: &str) -> Vec<(Line<'static>, Rect)> {
    let app = screen.app;
    let forms = foot::forms(app, &foot::places(app, place));
    // Which dashboard it is matters more than what its variables are set to.
    let all = crate::app::screen::tabs::tabs(app);
    let beside = tabs::least(screen, &all);
    let corner = corner(screen, body, beside, &forms).or_else(|| corner(screen, body, 0, &forms));
    let used = corner.as_ref().map_or(0, |(_, area)| area.width + 2);
    let left = tabs::draw(screen, &all, Rect { width: body.width.saturating_sub(used), ..body });
    left.into_iter().chain(corner).collect()
}

/// As much of the panes as the buffer has room for.
fn draw_page(page: &Page, buf: &mut Buffer, cache: &Cache) {
    let within = buf.area;
    for (id, _) in page.panes.iter().filter(|(_, area)| area.intersects(within)) {
        if let Some(drawn) = cache.pane(*id) {
            pane::paste(drawn, buf);
        }
    }
}

/// Words at the right of the lowest frame line, the first of these forms that fits and leaves so many cells, and where they are.
fn corner(screen: Screen<'_>, body: Rect, beside: usize, forms: &[String]) -> Option<(Line<'static>, Rect)> {
    let fits = |form: &&String| !form.is_empty() && usize::from(body.width) > text::width(form) + 6 + beside;
    let form = forms.iter().find(fits).filter(|_| body.height >= 3)?;
    let role = if screen.app.screen.watch.time.is_some() { Role::Text } else { Role::Dim };
    let shown = Line::from(words(screen.theme, role, format!(" {form} ")));
    let cells = line::width(&shown) as u16;
    let area = Rect { x: (body.right()).saturating_sub(cells + 2), y: body.bottom() - 1, width: cells, height: 1 };
    Some((shown, area))
}

fn draw_words(page: &Page, buf: &mut Buffer) {
    for (words, area) in &page.words {
        line::put(buf, *area, words);
    }
}

fn draw_empty(screen: Screen<'_>, body: Rect, buf: &mut Buffer) {
    let Screen { app, theme, .. } = screen;
    let key = |action| app.session.keymap.key(action);
    let sources = if app.session.config.sources.is_empty() {
        // A path has no control characters on the screen.
        let said = base::text::line(&app.session.config.no_sources()).into_owned();
        format!("No panes yet: {said}.")
    } else {
        "No panes yet: add a [[pane]] to stanch.toml.".to_owned()
    };
    let without = format!(
        "The rest works without: {} takes a symptom you type, {} adds hypotheses, {} writes a note.",
        key(Action::TakeSymptom),
        key(Action::AddHypotheses),
        key(Action::Note),
    );
    let half = body.height / 2;
    row::middle(buf, Rect { height: half, ..body }, &sources, theme[Role::Text]);
    row::middle(buf, Rect { y: body.y + half, height: body.height - half, ..body }, &without, theme[Role::Dim]);
}
