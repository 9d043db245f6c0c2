//! The mouse on whole screens: what is under a cell is what is seen there.

use ratatui::layout::Position;
use stanch::app::{
    View,
    mouse::{Gesture, Listed, Place, Under},
    screen::layout::Bands,
};

use crate::script::Stage;

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (160, 45), (200, 60)];

/// Something in every view, at each size, in each view; in Watch with each pane in turn.
fn each_view(mut check: impl FnMut(&mut Stage)) {
    for size in SIZES {
        let mut stage = Stage::new(size);
        stage.play();
        stage.mitigate();
        stage.tick("03:18:24");
        stage.poll(None);
        for key in ["1", "2", "3", "4", "5"] {
            stage.keys(key);
            let turns = if key == "1" { stage.app.world.plan.panes.len() } else { 1 };
            for _ in 0..turns {
                check(&mut stage);
                stage.keys("tab");
            }
        }
    }
}

/// Cells all over the body, those at its edges among them, with what is under them.
fn sample(stage: &mut Stage) -> Vec<((u16, u16), Under)> {
    let body = Bands::of(stage.app.screen.area()).body;
    let last = body.right() - 1;
    let cells = body.positions().filter(|at| at.x % 29 == 3 || at.x + 2 >= last || at.x < 2);
    let cells: Vec<(u16, u16)> = cells.map(|Position { x, y }| (x, y)).collect();
    cells.into_iter().map(|at| (at, stage.under(at))).collect()
}

/// A cell over each list in view, with the list.
fn lists(stage: &mut Stage) -> Vec<((u16, u16), Listed)> {
    let mut found: Vec<((u16, u16), Place, Listed)> = Vec::new();
    for (at, under) in sample(stage) {
        if let Some(list) = under.list.filter(|_| found.iter().all(|(_, place, _)| *place != under.place)) {
            found.push((at, under.place, list));
        }
    }
    found.into_iter().map(|(at, _, list)| (at, list)).collect()
}

#[track_caller]
fn top(stage: &mut Stage, at: (u16, u16)) -> (usize, usize) {
    let list = stage.under(at).list.expect("a list");
    (list.top, list.most)
}

#[test]
fn the_wheel_scrolls_what_it_is_over_and_stays_at_the_ends() {
    let mut scrolled = 0;
    each_view(|stage| {
        for (at, _) in lists(stage) {
            let (before, focus) = (stage.app.clone(), stage.app.screen.watch.focus);
            stage.mouse(Gesture::Wheel(-500), at);
            assert_eq!(top(stage, at).0, 0, "{:?} at {at:?}", stage.app.screen.view);
            let first = stage.draw();
            stage.mouse(Gesture::Wheel(-1), at);
            assert_eq!(stage.draw(), first, "at the beginning nothing is done");
            let most = top(stage, at).1;
            stage.mouse(Gesture::Wheel(1), at);
            let moved = top(stage, at).0;
            match stage.app.screen.view {
                // What is selected unfolds, and the rest of it folds up.
                View::Act => assert!(most == 0 || moved > 0, "{at:?}"),
                _ => assert_eq!(moved, most.min(3), "{:?} at {at:?}", stage.app.screen.view),
            }
            stage.mouse(Gesture::Wheel(500), at);
            let (end, most) = top(stage, at);
            assert_eq!(end, most, "{:?} at {at:?}", stage.app.screen.view);
            let last = stage.draw();
            stage.mouse(Gesture::Wheel(1), at);
            assert_eq!(stage.draw(), last, "at the end nothing is done");
            scrolled += usize::from(most > 0);
            assert_eq!(stage.app.screen.watch.focus, focus);
            stage.app = before;
        }
    });
    assert!(scrolled > 12, "{scrolled}");
}
