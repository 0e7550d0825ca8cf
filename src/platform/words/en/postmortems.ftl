# Post-mortems: what is learnt from what happened. Plain and without blame.

postmortems-nav = Post-mortems
postmortems-open = Open post-mortems
postmortems-to-answer = To answer for
postmortem-library = Library of post-mortems
postmortem-raise = Raise a post-mortem
postmortem-raise-what = A post-mortem says what happened and what made it likely, so that the next time goes otherwise. It names conditions, never somebody to blame.
postmortem-over = Over these incidents
postmortem-over-hint = One number a line. The problems and changes linked with them are linked too.
postmortem-is-raised = { $number } is raised.
postmortem-incident-unknown = There is no incident { $number }.
postmortem-incident-needed = Name at least one incident.
postmortem-incidents-many = At most { $max } incidents.
postmortem-has-one = { $number } has a post-mortem already: { $postmortem }
postmortem-no-common-reader = These incidents are restricted to different people: nobody could read a post-mortem over all of them.
postmortem-record = Record and history
postmortem-read = Open the post-mortem
postmortem-about = About this post-mortem
postmortem-not-written = { $number } is published or ended. Take it up again first; what was published stays as it is.
postmortem-title-long = The first heading is too long for a title.
postmortem-title-needed = The text begins with no heading that could be its title.

library-words = Words of its title
library-factor = Contributing factor
library-from = Raised from
library-to = until
library-filter = Show
library-all = Show all
library-none = No post-mortems yet
library-none-such = No post-mortem is like that
library-raised = Raised
library-older = Older ones

postmortems-overdue = Overdue post-mortems
postmortems-overdue-what = Not published by the day they were due. Whoever facilitates each was told once.
postmortems-overdue-none = None is overdue
postmortem-is-overdue = Overdue

postmortem-rules = When a post-mortem is asked for
postmortem-rules-what = An incident that is resolved and meets one of these raises a post-mortem, unless it has one. Imported history raises none.
postmortem-rules-count = { $count ->
    [one] Together they would have raised one in the last 90 days.
   *[other] Together they would have raised { $count } in the last 90 days.
}
postmortem-rule-count = { $count ->
    [one] one in the last 90 days
   *[other] { $count } in the last 90 days
}
postmortem-rule-add = Add a rule
postmortem-rule-try = Count first
postmortem-rule-remove = Take away
postmortem-rule-hint = Everything that is chosen must hold.
postmortem-rule-major = Major incident
postmortem-rule-priority = Priority { $n } or more urgent
postmortem-rule-priority-least = Priority, this or more urgent
postmortem-rule-hurt = { $count ->
    [one] hurt for a minute or longer
   *[other] hurt for { $count } minutes or longer
}
postmortem-rule-minutes-least = Hurt for at least so many minutes
postmortem-rule-minutes = Write a number of minutes, 1 or more.
postmortem-rule-empty = Choose something: without it every incident would raise one.
postmortem-rule-there = There is such a rule already.
postmortem-rules-many = At most { $max } rules.
postmortem-rule-tried = In the last 90 days it would have met { $n } incidents, and raised { $more } post-mortems more than the rules there are.

# Sections
field-section-summary = Summary
field-section-impact = Impact
field-section-what-happened = What happened
field-section-surprise = Why were we surprised
field-section-went-well = What went well
field-section-did-not-go-well = What did not go well
field-section-luck = Where we were lucky
field-section-detection = Detection and response
field-section-questions = Open questions
field-section-outside = Message for people outside
section-hint-summary = What happened, in a few sentences somebody new understands.
section-hint-impact = From when until when, who felt it, which services and records.
section-hint-what-happened = The story as those who were there saw it at the time, without what became known later.
section-hint-surprise = What did we expect that was not so?
section-hint-went-well = What helped, and should stay?
section-hint-did-not-go-well = What made it longer or harder?
section-hint-luck = What could have been worse but for chance?
section-hint-detection = How was it noticed, by whom, and how long did help take?
section-hint-questions = What do we still not know?
section-hint-outside = What people outside may read. It is shown only within the desk.
section-write = Write
section-markdown = Markdown. Quote what others said; quotations are not checked.
section-versions = Versions
section-version = Version { $n }
section-conflict = Somebody saved this section meanwhile
section-conflict-what = Nothing is lost: theirs is saved, yours is below. Make one text of both and save it.
postmortem-section-changed = Somebody saved another text of this section meanwhile. Both are shown.
section-theirs = Theirs, as it stands
section-yours = Yours, not saved yet
section-joined = Both as one
section-use-joined = Save both as one
section-hits = { $count ->
    [one] One suggestion
   *[other] { $count } suggestions
}
section-saved-hits = Saved. Some words could be said otherwise: { $n }.
wording = Words that could be said otherwise
wording-what = Suggestions, never a condition: publishing does not wait for them. Nothing is counted by who wrote.
wording-reason = Why it stays
wording-keep = Keep as written
wording-kept = Kept as written:
postmortem-why-keep = Say why it stays.
postmortem-hit-gone = This sentence was changed meanwhile.

# Timeline
timeline = Timeline
timeline-what = Read from the journals of the linked records, each time anew. What people annotate stays, whatever happens to the rest.
timeline-none = Nothing yet. Link incidents, changes or problems, or add an entry.
timeline-all = { $count ->
    [0] Whole timeline
    [one] Whole timeline, one row
   *[other] Whole timeline, { $count } rows
}
timeline-entered = written down
timeline-hidden = Left out
timeline-add = Add an entry
timeline-annotate = Annotate
timeline-annotate-again = Change the annotation
annotation-when = When it happened
annotation-when-else = When it happened, if not then
annotation-key = It tells the story
annotation-hide = Leave it out of the story
knowledge-then = Known then
knowledge-later = Known only later
reach-internal = Internal
reach-shareable = May be shared
field-annotation-text = What happened
field-annotation-evidence = How it is known, or a link to it
postmortem-why-hidden = Say why it is left out.
postmortem-annotations-many = At most { $max } annotations.
postmortem-time-future = This has not happened yet.
postmortem-time-before = This is more than 30 days before the incident began.
postmortem-time-after = This is more than 30 days after the incident was over.
postmortem-odd-time = Correct the time, or confirm that it is meant.
postmortem-time-meant = This time is meant

# Instants
moments-what = Each with how it is known. What the incidents say holds until somebody says otherwise here; of several incidents, it began with the first and was over with the last.
moment-impact-began = Impact began
moment-detected = Detected
moment-first-page = First page
moment-acknowledged = Acknowledged
moment-engaged = Engaged
moment-mitigated = Mitigated
moment-resolved = Resolved
moment-source-incident = as the incident says
moment-source = How it is known
moment-clear = An empty time takes it back to what the incidents say.
measure-hurt = It hurt for
measure-detect = Time to detect
measure-acknowledge = Time to acknowledge
measure-engage = Time to engage
measure-mitigate = Time to mitigate
measure-resolve = Time to resolve
measure-hurt-is = from impact began until mitigated, or resolved where nothing mitigated it before
measure-detect-is = from impact began until detected
measure-acknowledge-is = from the first page until acknowledged, or from detected where nobody was paged
measure-engage-is = from detected until somebody led
measure-mitigate-is = from detected until mitigated
measure-resolve-is = from detected until resolved
took-minutes = { $n } min
took-hours = { $n } h
took-days = { $n } d
took-unknown = not known
took-backwards = the wrong way round

# People
postmortem-people = People and meeting
field-facilitator = Facilitator
field-reviewer = Reviewer
reviewer-hint = Somebody who wrote none of it.
field-participants = Who was there
participants-hint = They agree on the facts.
participants-none = Nobody is named yet.
field-meeting-at = Meeting
field-meeting-place = Where they meet
field-postmortem-due-at = Due
field-required-by = Raised
required-by-hand = by hand
required-by-major = since it was major
required-by-priority = since of its priority
required-by-rule = since a rule asks for it
due-when-resolved = when resolved
postmortem-not-for-them = This record does not exist for { $name }.
postmortem-participants-many = At most { $max } people.
postmortem-due-by-managers = Only managers give it more time.

# Facts
facts-review = Facts
facts-agree = Agree the facts
facts-what = Whoever was there says whether it was so. What is changed afterwards is agreed again.
facts-of = { $n } of { $of }
facts-agrees = Agrees
facts-objects = It was otherwise
facts-asked-again = Asked again
facts-waiting = Waiting
facts-yours = Was it so?
facts-yes = Yes, it was so
facts-no = It was otherwise
field-facts-said = What was otherwise
facts-end = The facts are agreed
facts-not-waiting = Do not wait for the others any longer
facts-why-not-wait = Why not
facts-are-agreed = The facts are agreed.
postmortem-not-a-participant = Only those who were there say whether it was so.
postmortem-say-what-differs = Say what was otherwise.
postmortem-facilitator-only = The facilitator, or a manager, says that the facts are agreed.
postmortem-no-facts = Nobody wrote what happened yet.
postmortem-why-not-wait = Say why you do not wait.
postmortem-facts-objected = Somebody says that it was otherwise. Settle that first.
postmortem-nobody-agreed = Nobody has agreed yet.
postmortem-facts-waiting = { $n } of those who were there have not answered yet.

# Review
postmortem-review = Review
postmortem-check = What is missing
postmortem-submit = Send to the reviewer
postmortem-publish = Publish
postmortem-return = Ask for changes
postmortem-withdraw = Back to draft
section-you-review = You review this post-mortem. If you write here, somebody else has to review it.
postmortem-take-up = Take it up again
postmortem-is-submitted = Sent to the reviewer.
postmortem-is-returned = It is back in draft.
postmortem-is-published = Published. A copy is frozen.
postmortem-is-revised = It is back in draft. What was published stays.
review-missing = What is missing
review-complete = Nothing that stops publishing.
review-advice = Worth a second look
review-facts-first = The facts are agreed before review.
review-by-reviewer = The reviewer publishes it.
publish-what = What it says now is frozen as an edition.
postmortem-reviewer-is-author = Somebody who wrote of it does not review it. Name another reviewer.
postmortem-reviewer-needed = Name a reviewer first.
postmortem-reviewer-only = Its reviewer publishes it.
postmortem-already-published = It is published already.
postmortem-not-in-review = It is not in review.
postmortem-cancelled = It was cancelled.
postmortem-not-from-here = This is not possible as it stands now.
postmortem-missing-summary = A summary
postmortem-missing-impact = What the impact was
postmortem-missing-impact-interval = When the impact began and when it was over
postmortem-missing-what-happened = What happened
postmortem-missing-timeline = A timeline
postmortem-missing-factors = Two contributing factors or more
postmortem-missing-facilitator = A facilitator
postmortem-missing-reviewer = A reviewer
postmortem-missing-other-reviewer = Another reviewer: the one named has written in it
postmortem-missing-actions = An action item, or why there is none
postmortem-missing-action-owner = An owner of each action item
postmortem-missing-action-due = A due date of each action item
postmortem-missing-action-verification = How each action item will be verified
postmortem-missing-backwards = Two of the instants contradict each other: a duration is the wrong way round
postmortem-missing-surprise = Why we were surprised is empty
postmortem-missing-went-well = What went well is empty
postmortem-missing-did-not-go-well = What did not go well is empty
postmortem-missing-luck = Where we were lucky is empty
postmortem-missing-detection = Detection and response is empty
postmortem-missing-many-actions = More than ten action items are rarely carried out
postmortem-missing-one-kind = All action items are of one kind
postmortem-missing-wording = Some words could be said otherwise
field-no-action-reason = No action item is needed
no-action-why = Why not

editions = Published
edition-n = Edition { $n }
edition-published = Published
edition-digest = Digest
postmortem-edition = Post-mortem
linked-facts = Linked records
linked-none = None that you may see.
factors-many = What made this likely. There is rarely one cause, and a person is never one.

actions-none = No action items yet
actions-tally = { $done } of { $of } done
actions-tally-overdue = { $done } of { $of } done, { $overdue } overdue
action-due = Due
field-action-kind = What it does
action-kind-detect = Detect
action-kind-mitigate = Mitigate
action-kind-prevent = Prevent
action-kind-process = Process
action-no-verification = Say first how it will be verified.
action-say-what-was-seen = Say what was seen.
action-not-done = It is not done yet.

notice-postmortems = { $count ->
    [one] Post-mortem
   *[other] { $count } things about post-mortems
}
notice-postmortem-raised = Raised; you were there
notice-postmortem-facilitates = You facilitate it
notice-postmortem-reviews = You review it
notice-postmortem-takes-part = You were there: agree the facts
notice-postmortem-to-review = It waits for your review
notice-postmortem-returned = The reviewer asks for changes
notice-postmortem-published = Published
notice-postmortem-disputed = Somebody says that it was otherwise
notice-postmortem-overdue = Overdue

# History
fact-raised = Raised
fact-due-set = Due date set
fact-people-changed = People or meeting changed
fact-facts-agreed-by = Agreed on the facts
fact-facts-disputed = Said that it was otherwise
fact-facts-agreed = Facts agreed
fact-section-saved = Section saved
fact-timeline-annotated = Timeline annotated
fact-instant-said = Said when it happened
fact-wording-kept = Wording kept
fact-actions-waived = Said why there is no action item
fact-sent-for-review = Sent to the reviewer
fact-published = Published
fact-overdue = Overdue
fact-removed = Taken away
field-postmortem-incidents = Incidents
field-annotations = Annotations
field-postmortem-instants = Instants
field-instant-note = Note
field-dismissals = Wordings kept
field-dismissal-reason = Reason
field-facts-version = Version of the facts
field-section-version = Version
field-edition = Edition
field-edition-hash = Digest
field-overdue-told-at = Told that it is overdue
field-rule-major = Major incident
field-rule-priority = Priority or more urgent
field-rule-impact-minutes = Minutes of impact
field-removed = Taken away
