//! What no text that came from outside may hold, from the character tables of Unicode and of ECMA-48 rather than from the
//! code that is tested.

use stanch::signal::{Alert, Change, Curves, Data, Labels, LogLine};

/// Moves the cursor, turns the line around, or hides.
pub fn is_harmful(c: char) -> bool {
    let control = matches!(u32::from(c), 0..=0x1f | 0x7f..=0x9f);
    let bidi = matches!(u32::from(c), 0x061c | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069);
    let nothing =
        matches!(u32::from(c), 0xad | 0x200b..=0x200d | 0x2060..=0x2064 | 0xfeff | 0x2028 | 0x2029 | 0xe0000..=0xe007f);
    control || bidi || nothing
}

#[track_caller]
pub fn clean_line(text: &str) {
    assert!(!text.contains(is_harmful), "{text:?}");
}

/// Of several lines.
#[track_caller]
pub fn clean_block(text: &str) {
    assert!(!text.contains(|c| c != '\n' && is_harmful(c)), "{text:?}");
}

/// Every text of a reading.
#[track_caller]
pub fn clean_data(data: &Data) {
    match data {
        Data::Series(all) | Data::Curves(Curves { series: all, .. }) => all.iter().for_each(|series| {
            clean_line(&series.name);
            clean_labels(&series.labels);
            assert!(series.points.len() <= 11_000);
        }),
        Data::Alerts(set) => set.groups.iter().for_each(|group| {
            clean_line(&group.key);
            clean_line(&group.title);
            clean_labels(&group.labels);
            assert!(!group.alerts.is_empty(), "an empty group");
            group.alerts.iter().for_each(clean_alert);
        }),
        Data::Table(table) => {
            table.columns.iter().for_each(|column| clean_line(&column.name));
            table.rows.iter().flatten().for_each(|cell| clean_line(cell));
        }
        Data::Readouts(readouts) => readouts.iter().for_each(|readout| {
            clean_line(&readout.name);
            clean_line(&readout.text);
        }),
        Data::Heatmap(heatmap) => heatmap.buckets.iter().for_each(|bucket| clean_line(&bucket.name)),
        Data::Histogram(histogram) => histogram.bars.iter().for_each(|bar| {
            clean_line(&bar.from);
            clean_line(&bar.to);
        }),
        Data::States(bands) => bands.iter().for_each(|band| {
            clean_line(&band.name);
            band.stretches.iter().for_each(|stretch| clean_line(&stretch.state));
        }),
        Data::Logs(lines) => lines.iter().for_each(|LogLine { text, labels, .. }| {
            clean_line(text);
            clean_labels(labels);
        }),
        Data::Changes(changes) => changes.iter().for_each(clean_change),
        Data::Number(_) => {}
    }
}

fn clean_labels(labels: &Labels) {
    labels.iter().for_each(|(name, value)| {
        clean_line(name);
        clean_line(value);
    });
}

fn clean_alert(alert: &Alert) {
    clean_line(&alert.id);
    clean_line(&alert.summary);
    clean_labels(&alert.labels);
    alert.receivers.iter().chain(&*alert.inhibited_by).for_each(|text| clean_line(text));
    let links = [&alert.links.runbook, &alert.links.dashboard, &alert.links.generator];
    links.into_iter().flatten().for_each(|link| {
        clean_line(link);
        assert!(link.starts_with("http://") || link.starts_with("https://"), "{link:?}");
    });
}

fn clean_change(change: &Change) {
    clean_line(&change.id);
    clean_line(&change.title);
    let more = [&change.service, &change.version, &change.who, &change.undo, &change.url];
    more.into_iter().flatten().for_each(|text| clean_line(text));
}
