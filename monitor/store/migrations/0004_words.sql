-- What a backtest reads of an article to see that no rule can match it; made anew from the article where it is missing or of another form.
CREATE TABLE article_words (
    article_id @text PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    form @text NOT NULL,
    language @text NOT NULL,
    words @bytes NOT NULL
) @strict;
