#!/bin/sh
# Configure Postfix from the environment and run it in the foreground.
set -eu
postconf -e "inet_interfaces = all" "inet_protocols = ipv4" "mydestination = localhost" "smtputf8_enable = yes" \
  "maillog_file = /dev/stdout" "mynetworks = 127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16" \
  "myhostname = ${RELAY_NAME:-relay.localdomain}" "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination" \
  "message_size_limit = 10485760"
if [ -n "${RELAY_HOST:-}" ]; then
  postconf -e "relayhost = ${RELAY_HOST}" "smtp_tls_security_level = ${RELAY_TLS:-encrypt}"
  if [ -n "${RELAY_PASSWORD_FILE:-}" ]; then
    printf '%s %s:%s\n' "${RELAY_HOST}" "${RELAY_USERNAME}" "$(cat "${RELAY_PASSWORD_FILE}")" > /etc/postfix/sasl
    chmod 600 /etc/postfix/sasl
    postconf -e "smtp_sasl_auth_enable = yes" "smtp_sasl_password_maps = texthash:/etc/postfix/sasl" \
      "smtp_sasl_security_options = noanonymous"
  fi
else
  echo "/.*/ inbox@localhost" > /etc/postfix/catch-all
  postconf -e "virtual_alias_domains =" "virtual_alias_maps = regexp:/etc/postfix/catch-all" "home_mailbox = Maildir/"
  chown -R inbox:inbox /home/inbox
fi
exec postfix start-fg
