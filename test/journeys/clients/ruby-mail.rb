# Sends one message with the gem "mail", as MAIL_* in the environment say.
require 'mail'

order = ENV.select { |name| name.start_with?('MAIL_') }.transform_keys { |name| name[5..].downcase.to_sym }

settings = { address: order[:host], port: order[:port].to_i }
settings[:enable_starttls] = true if order[:tls] == 'starttls'
settings[:tls] = true if order[:tls] == 'implicit'
settings[:ca_file] = order[:ca] if order[:ca]
if order[:mechanism]
  settings[:authentication] = order[:mechanism].downcase.tr('-', '_').to_sym
  settings[:user_name] = order[:user]
  settings[:password] = order[:password]
end

mail = Mail.new(charset: 'UTF-8') do
  from order[:from]
  to order[:to].split(',')
  subject order[:subject]
  body order[:text]
end
mail.attachments['big.bin'] = File.binread(order[:attachment]) if order[:attachment]
mail.delivery_method :smtp, settings
mail.deliver!
