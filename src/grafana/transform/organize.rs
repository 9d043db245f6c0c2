//! Order and names of columns.

use serde_json::Value;

use super::{
    super::{
        collate,
        frame::{Field, FieldKind, Frame},
        js,
        json::{at, flag, list, text},
        matcher,
        naming::{self, Names},
        replacement,
    },
    Outcome, map, select,
};

/// Leaves out, orders and renames columns.
pub fn organize(options: &Value, frames: Vec<Frame>) -> Vec<Frame> {
    let named = |key| {
        let names =
            map(options, key).into_iter().flatten().filter(|(_, yes)| js::truthy(yes)).map(|(name, _)| name.clone());
        names.collect::<Vec<String>>()
    };
    let frames = select::by_names(&named("includeByName"), &named("excludeByName"), frames);
    rename(options, order(options, frames))
}

/// Orders columns by `indexByName`, or by their names or labels where `orderByMode` is `auto`.
pub fn order(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    naming::settle_all(&mut frames);
    let auto = match text(options, "orderByMode").as_deref() {
        None | Some("manual") => false,
        Some(_) => true,
    };
    for frame in &mut frames {
        if auto {
            order_by_itself(list(options, "orderBy"), frame);
        } else if let Some(places) = map(options, "indexByName") {
            let place = |field: &Field| {
                let place = field.shown_name.as_ref().and_then(|name| places.get(name)).and_then(Value::as_f64);
                place.filter(|place| place.fract() == 0.0).unwrap_or(9_007_199_254_740_991.0)
            };
            // Whole numbers have a total order.
            frame.fields.sort_by(|a, b| place(a).total_cmp(&place(b)));
        }
    }
    frames
}

fn order_by_itself(orders: &[Value], frame: &mut Frame) {
    let first_time = frame.fields.iter().position(|field| field.kind == FieldKind::Time);
    let mut columns: Vec<(usize, Vec<(collate::Key, f64)>)> = frame
        .fields
        .iter()
        .enumerate()
        .map(|(column, field)| {
            let keys = orders.iter().map(|order| {
                let name = if at(order, "type") == "name" {
                    field.shown_name.clone().unwrap_or_else(|| field.name.clone())
                } else {
                    let label = text(order, "name").unwrap_or_default();
                    field.labels.get(&label).cloned().unwrap_or_default()
                };
                (collate::Key::of(&name), if flag(order, "desc") { -1.0 } else { 1.0 })
            });
            (column, keys.collect())
        })
        .collect();
    js::sort_by(&mut columns, |(a, a_keys), (b, b_keys)| {
        if Some(*a) == first_time {
            return -1.0;
        }
        if Some(*b) == first_time {
            return 1.0;
        }
        let orders = a_keys.iter().zip(b_keys).map(|((a, sign), (b, _))| f64::from(a.cmp(b) as i8) * sign);
        orders.into_iter().find(|order| *order != 0.0).unwrap_or(0.0)
    });
    let mut fields: Vec<Option<Field>> = std::mem::take(&mut frame.fields).into_iter().map(Some).collect();
    frame.fields = columns.iter().filter_map(|(column, _)| fields.get_mut(*column)?.take()).collect();
}

/// Renames columns by `renameByName`.
pub fn rename(options: &Value, mut frames: Vec<Frame>) -> Vec<Frame> {
    let Some(renames) = map(options, "renameByName").filter(|renames| !renames.is_empty()) else { return frames };
    for frame in &mut frames {
        let names = Names::alone(frame);
        for (column, field) in frame.fields.iter_mut().enumerate() {
            let new = renames.get(names.settle(0, column, field)).and_then(Value::as_str);
            if let Some(new) = new.filter(|new| !new.is_empty()) {
                set_name(field, new.to_owned());
            }
        }
    }
    frames
}

/// Renames columns by a pattern over their names.
pub fn rename_by_regex(options: &Value, mut frames: Vec<Frame>) -> Outcome {
    let written = text(options, "regex").unwrap_or_else(|| "(.*)".to_owned());
    let new = text(options, "renamePattern").unwrap_or_else(|| "$1".to_owned());
    let pattern = matcher::pattern(&written)?;
    for frame in &mut frames {
        let names = Names::alone(frame);
        for (column, field) in frame.fields.iter_mut().enumerate() {
            let name = names.of(0, column, field);
            if pattern.is_match(&name) {
                set_name(field, replacement::replace(&pattern, &name, &new));
            }
        }
    }
    Some(frames)
}

fn set_name(field: &mut Field, name: String) {
    field.config.display_name = Some(name.clone());
    field.shown_name = Some(name);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::check;

    #[test]
    fn columns_are_ordered_and_renamed() {
        check::all(&[
            (
                "organize",
                "table",
                json!({"excludeByName": {"ns": true}, "indexByName": {"mem": 0, "cpu": 1}, "renameByName": {"cpu": "CPU", "pod": ""}}),
                "A> mem:n 10,NaN,30,40 | CPU:n 1,2,3.5,0 | pod:s a,b,a,-",
            ),
            (
                "organize",
                "table",
                json!({"includeByName": {"pod": true, "cpu": true}}),
                "A> pod:s a,b,a,- | cpu:n 1,2,3.5,0",
            ),
            (
                "order",
                "table",
                json!({"orderByMode": "auto", "orderBy": [{"type": "name", "desc": true}]}),
                "A> pod:s a,b,a,- | ns:s x,x,y,y | mem:n 10,NaN,30,40 | cpu:n 1,2,3.5,0",
            ),
            (
                "renameByRegex",
                "two",
                json!({"regex": "/(.)(e|p)/", "renamePattern": "$2-$1"}),
                "A> pod:s a,b | p-cu:n 1,2 // B> pod:s b,c,b | e-mm:n 5,6,7",
            ),
        ]);
    }
}
