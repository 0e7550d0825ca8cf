# Words of families of records: parents, children, duplicates.

family = Family
family-child-of = A child of
family-parent-of = The parent of
family-children = Children
family-more = Show more
family-leave = Take it away from { $number }
family-left-it = It has no parent any more.
family-parent-set = It is a child of { $number } now.
family-child-added = { $number } is its child now.
family-left = Left as they are
family-resolved = Resolved. Children resolved with it: { $children }.
family-held = On hold. Children held with it: { $children }.

## What a move does to the children

family-end-with = { $count ->
    [0] Children too, though there is none that can be resolved now
    [one] { $count } child too, with the same code and text
   *[other] { $count } children too, with the same code and text
}
family-hold-with = { $count ->
    [0] Children too, though there is none that can be held now
    [one] { $count } child too, until this one goes on
   *[other] { $count } children too, until this one goes on
}
family-hold-hint = A hold for a supplier, a change or a problem is theirs too. No other one is.
family-alone = Only this record; its children stay as they are
family-finished = { $count ->
    [one] { $count } child has ended already
   *[other] { $count } children have ended already
}
family-finished-more = More than { $count } children have ended already
family-left-state = Its state does not allow this.
family-left-not-yours = You may not do this with it.
family-left-seen-by-all = It is not restricted, and what you write here would be copied to it.
family-left-blocked = Open tasks block it: { $tasks }.

## What a rule says

family-itself = A record cannot be its own parent.
family-circle = { $number } cannot be under { $parent }, which is under it: { $way }.
family-too-deep = This family would be too deep. At most { $max } records stand above one another.
family-too-many = At most { $max } open records stand under one. More are one trouble: add their people to it instead.
family-parent-ended = { $number } is no longer open. Link it as related instead.
family-look-first = { $number } has open children. Look first what becomes of them: put it on hold or resolve it by its own form.
family-changed = The family of { $number } changed meanwhile. Look again at what will happen.

## Duplicates

duplicate-of = Duplicate of…
duplicate-end = End as a duplicate
duplicate-end-button = End as a duplicate
duplicate-what-happens = This record is cancelled. Its requester, caller and affected people are affected by the original from now on, its watchers watch that, and its open children go on under it. What was said here stays here.
duplicate-of-number = Number of the original
duplicate-ended = { $number } ended as a duplicate of this record. Its people joined it.
duplicate-of-itself = A record cannot be a duplicate of itself.
duplicate-of-own = { $number } itself ended as a duplicate of this record.
duplicate-of-duplicate = { $number } ended as a duplicate of { $original }. Name that one.
duplicate-of-ended = { $number } is no longer open. If it is the same trouble, re-open it first or note a contact there.
duplicate-of-unrestricted = This record is restricted and { $number } is not: whoever is named here would show there. Restrict { $number } first.
duplicate-below = { $number } stands under this record. Take it away from this family first.
duplicate-no-code = The list of cancellation codes has none for duplicates.
family-left-leads = Others stand under it. End it on its own page.
link-duplicate-of = Duplicate of
link-duplicate = Its duplicate
link-duplicate-by-itself = A record becomes a duplicate by ending as one: see its other actions.
link-duplicate-stays = This is how the record ended. It stays.

## History

field-parent = Parent
field-child = Child
field-because-of = Because of
field-hold-flows-down = Children held with it
fact-parent-changed = Family changed
fact-child-added = Child added
fact-child-removed = Child removed
fact-duplicate-joined = A duplicate joined
