//! A text to its documents: every token as written, every node with its place, every oddity refused by name.

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::node::{Map, Node, Style};
use super::scalar::{Kind, plain_kind};
use super::syntax;
use super::tree::{DEPTH, Tree};
use crate::diagnostics::{Diagnostic, Diagnostics, Place, SourceId, Sources};

/// Reads the documents of a source. At least one is returned, unless the text can't be read as a whole: then none is,
/// and `found` says why. An empty document is an empty map. What an alias stands for keeps the place of its anchor.
pub fn read(sources: &Sources, id: SourceId, found: &mut Diagnostics) -> Vec<Node> {
    read_part(sources, Place::new(id, 0, sources.get(id).text.len()), found)
}

/// The same of a part of a source, as if there were nothing around it.
pub fn read_part(sources: &Sources, part: Place, found: &mut Diagnostics) -> Vec<Node> {
    let refused = syntax::refuse_text(sources, part);
    if !refused.is_empty() {
        found.extend(refused);
        return Vec::new();
    }
    let text = sources.text(part);
    let mut tree = Tree::new(sources.get(part.source).text.as_str(), found);
    let mut options = granit_parser::options! { flow_nesting_limit: DEPTH, block_nesting_limit: DEPTH };
    options.set_emit_comments(false);
    for event in Parser::new_from_str_with_options(text, options) {
        let outcome = match event {
            Ok((event, span)) => take(&mut tree, part, event, span),
            // What follows a refused key or root is most likely its consequence.
            Err(_) if tree.is_broken() => return Vec::new(),
            Err(error) => Err(syntax::explain(&error, sources, part)),
        };
        if let Err(diagnostic) = outcome {
            tree.refuse(diagnostic);
            return Vec::new();
        }
    }
    let complete = !tree.is_broken();
    let mut documents = tree.finish();
    if complete && documents.is_empty() {
        // Nothing but comments.
        documents.push(Node::map(Place::new(part.source, part.end, part.end), Map::new()));
    }
    documents
}

fn take(tree: &mut Tree<'_>, part: Place, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
    let place = place(part, span);
    match event {
        Event::DocumentStart(..) => tree.start_document(),
        Event::Scalar(token, style, anchor, tag) => {
            let plain = style == ScalarStyle::Plain;
            // The parser says `~` where nothing is written.
            let token = if plain && place.start == place.end { "".into() } else { token };
            if token.contains('\0') {
                tree.refuse(syntax::null_byte(place));
            }
            let style = match tag {
                Some(tag) => tagged(tree, &token, plain, &tag, part, span),
                None if plain => Style::Plain,
                None => Style::Quoted,
            };
            tree.scalar(Node::scalar(place, token.into_owned(), style), plain, anchor)?;
        }
        Event::SequenceStart(_, anchor, tag) => {
            check_tag(tree, tag.as_deref(), "seq", part, span);
            tree.open_list(place, anchor)?;
        }
        Event::MappingStart(_, anchor, tag) => {
            check_tag(tree, tag.as_deref(), "map", part, span);
            tree.open_map(place, anchor)?;
        }
        Event::SequenceEnd | Event::MappingEnd => tree.close(place)?,
        Event::Alias(anchor) => tree.alias(anchor, place)?,
        _ => {}
    }
    Ok(())
}

/// Where in the source a span of the part is.
fn place(part: Place, span: Span) -> Place {
    let range = span.byte_range().unwrap_or(0..0);
    Place::new(part.source, part.start + range.start, part.start + range.end)
}

fn tag_place(part: Place, span: Span) -> Place {
    place(part, span.tag_span().unwrap_or(span))
}

/// The style that a tag asks for: `!!str` and `!` make a text, `!!int` and its like make sure of a type.
fn tagged(tree: &mut Tree<'_>, token: &str, plain: bool, tag: &Tag, part: Place, span: Span) -> Style {
    let wanted = match tag.core_suffix() {
        Some("int") => Kind::Int,
        Some("float") => Kind::Float,
        Some("bool") => Kind::Bool,
        Some("null") => Kind::Null,
        Some("str") => return Style::Quoted,
        _ if tag.original() == "!" => return Style::Quoted,
        _ => {
            tree.refuse(syntax::unknown_tag(tag_place(part, span)));
            return if plain { Style::Plain } else { Style::Quoted };
        }
    };
    let kind = plain_kind(token);
    if kind != wanted && !(wanted == Kind::Float && kind == Kind::Int) {
        tree.refuse(syntax::tag_misfit(tag_place(part, span), &tag.original(), place(part, span)));
    }
    Style::Plain
}

fn check_tag(tree: &mut Tree<'_>, tag: Option<&Tag>, wanted: &str, part: Place, span: Span) {
    if tag.is_some_and(|tag| tag.core_suffix() != Some(wanted) && tag.original() != "!") {
        tree.refuse(syntax::unknown_tag(tag_place(part, span)));
    }
}
