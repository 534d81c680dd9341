import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/platform/auth/access.decorator.js';
import { Endpoint } from '@app/platform/http/endpoint.decorator.js';
import { mapPage } from '@app/platform/http/page.js';
import { UsersService } from '../account/users.service.js';
import { CreatedUserDto, CreateUserDto, ListUsersQuery, UserDto } from './admin.dto.js';

@ApiTags('Admin')
@Access('admin')
@Controller('admin/users')
export class AdminUsersController {
  constructor(private readonly users: UsersService) {}

  @Post()
  @Endpoint({
    summary: 'Create a user of a tenant',
    description: "With the user's first token, which is never shown again.",
    returns: CreatedUserDto,
    status: 201,
    fails: ['tenant.not-found'],
  })
  async create(@Body() input: CreateUserDto) {
    const { user, token } = await this.users.create(input);
    return { ...UserDto.from(user), token };
  }

  @Get()
  @Endpoint({ summary: 'List users', returns: UserDto, list: true })
  async list(@Query() query: ListUsersQuery) {
    return mapPage(await this.users.list(query), UserDto.from);
  }
}
